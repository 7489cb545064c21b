import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { findBinary } from "./find-binary.ts";
import { freePort } from "./free-port.ts";
import { makeServerFolder, ownerNamed } from "./server-folder.ts";
import { fillFromTemplate } from "./server-template.ts";
import { type RunningServer, startServer } from "./start-server.ts";

export const POSTGRES_BINARY: string | null = findBinary(["postgres"], ["/usr/lib/postgresql/*/bin"]);
export const POSTGRES_INSTALL = "apt-get install postgresql";

export interface PostgresOptions {
  /** Whether the server flushes to disk, for tests that kill it. Default: false. */
  readonly fsync?: boolean;
  /** Parameters for postgresql.conf. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

export interface PostgresServer extends RunningServer {
  readonly port: number;
  readonly password: string;
  /** Returns the URL for the superuser `postgres`, or for the given user and database. */
  url(options?: { readonly database?: string; readonly user?: string; readonly password?: string }): string;
  /** Runs statements as the superuser. */
  execute(sql: string, database?: string): Promise<readonly Record<string, unknown>[]>;
}

/**
 * Starts a PostgreSQL that requires a password from every user. Because PostgreSQL refuses to run as root, it runs as `postgres` when the
 * tests run as root.
 */
export async function startPostgres({ fsync = false, settings = {} }: PostgresOptions = {}): Promise<PostgresServer> {
  const binary = POSTGRES_BINARY ?? "postgres";
  const owner = await ownerNamed("postgres");
  const folder = await makeServerFolder("postgres", owner);
  const port = await freePort();
  const password = "secret-of-the-superuser";
  const url: PostgresServer["url"] = ({ database = "postgres", user = "postgres", password: other = password } = {}) =>
    `postgres://${user}:${encodeURIComponent(other)}@127.0.0.1:${port}/${database}`;

  async function execute(sql: string, database = "postgres"): Promise<readonly Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url({ database }), connectionTimeoutMillis: 5_000 });
    await client.connect();
    try {
      const result: { rows?: Record<string, unknown>[] } = await client.query(sql);
      return result.rows ?? [];
    } finally {
      await client.end();
    }
  }

  try {
    const passwordFile = join(folder, "password");
    await writeFile(passwordFile, password);
    const data = join(folder, "data");
    const args = ["-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", passwordFile];
    await fillFromTemplate("postgres", data, () =>
      promisify(execFile)(join(dirname(binary), "initdb"), [...args, "-E", "UTF8", "--no-sync"], {
        cwd: folder,
        ...owner,
      }),
    );
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const configuration = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: folder,
    fsync: fsync ? "on" : "off",
    max_connections: 200,
    ...settings,
  };
  const server = await startServer({
    command: binary,
    args: [
      "-D",
      join(folder, "data"),
      ...Object.entries(configuration).flatMap(([key, value]) => ["-c", `${key}=${value}`]),
    ],
    folder,
    owner,
    // Immediate shutdown: does not wait for clients to disconnect, and leaves no shared memory behind.
    stopSignal: "SIGQUIT",
    ready: async () => void (await execute("select 1")),
  });
  return Object.assign(server, { port, password, url, execute });
}
