import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import mysql from "mysql2/promise";
import { findBinary } from "./find-binary.ts";
import { freePort } from "./free-port.ts";
import { makeServerFolder, ownerNamed } from "./server-folder.ts";
import { fillFromTemplate } from "./server-template.ts";
import { type RunningServer, startServer } from "./start-server.ts";

/** MySQL if `mysqld` comes first in PATH, otherwise MariaDB. */
export const MARIADB_BINARY: string | null = findBinary(["mariadbd", "mysqld"]);
export const IS_MARIADB: boolean = MARIADB_BINARY?.endsWith("mariadbd") === true;
const INSTALLER = findBinary(["mariadb-install-db"]);
export const MARIADB_INSTALL = "apt-get install mariadb-server";

export interface MariaDbServer extends RunningServer {
  readonly port: number;
  /** Returns the URL for the user `app`, who has all rights, or for the given user and database. */
  url(options?: { readonly database?: string; readonly user?: string; readonly password?: string }): string;
  /** Runs a statement as `app`. */
  execute(sql: string, database?: string): Promise<readonly unknown[]>;
}

const PASSWORD = "secret-of-the-app";

/** Starts a MariaDB that requires a password. */
export async function startMariaDb(settings: Readonly<Record<string, string | number>> = {}): Promise<MariaDbServer> {
  const owner = await ownerNamed("mysql");
  const folder = await makeServerFolder("mariadb", owner);
  const port = await freePort();
  const url: MariaDbServer["url"] = ({ database = "", user = "app", password = PASSWORD } = {}) =>
    `mysql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;

  async function execute(sql: string, database = ""): Promise<readonly unknown[]> {
    const connection = await mysql.createConnection({ uri: url({ database }), connectTimeout: 5_000 });
    try {
      const [rows] = await connection.query(sql);
      return Array.isArray(rows) ? rows : [];
    } finally {
      connection.destroy();
    }
  }

  try {
    const user = owner === null ? [] : ["--user=mysql"];
    const data = join(folder, "data");
    const args = ["--no-defaults", `--datadir=${data}`, ...user];
    const [command, more] = IS_MARIADB
      ? [INSTALLER ?? "mariadb-install-db", ["--skip-test-db", "--auth-root-authentication-method=normal"]]
      : [MARIADB_BINARY ?? "mysqld", ["--initialize-insecure"]];
    await fillFromTemplate("mariadb", data, () => promisify(execFile)(command, [...args, ...more], { cwd: folder }));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const configuration = {
    datadir: join(folder, "data"),
    socket: join(folder, "socket"),
    tmpdir: join(folder, "data"),
    "pid-file": join(folder, "data", "pid"),
    "secure-file-priv": join(folder, "data"),
    "bind-address": "127.0.0.1",
    port,
    "innodb-flush-log-at-trx-commit": 0,
    ...settings,
  };
  const options = Object.entries(configuration).map(([key, value]) => `--${key}=${value}`);
  // The server creates the user when it starts, so that it never accepts a login without a password.
  const init = join(folder, "init.sql");
  const statements = [
    `create user app@'%' identified by '${PASSWORD}';`,
    "grant all on *.* to app@'%' with grant option;",
  ];
  await writeFile(init, `${statements.join("\n")}\n`);
  const server = await startServer({
    command: MARIADB_BINARY ?? "mariadbd",
    args: ["--no-defaults", ...options, `--init-file=${init}`],
    folder,
    owner,
    stopSignal: "SIGKILL",
    ready: async () => void (await execute("select 1")),
  });
  return Object.assign(server, { port, url, execute });
}
