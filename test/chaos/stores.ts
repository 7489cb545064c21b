import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { startMariaDb } from "../support/servers/mariadb.ts";
import { makeBucket, removeBucket, startNats } from "../support/servers/nats.ts";
import { startPostgres } from "../support/servers/postgres.ts";
import { startRedis } from "../support/servers/redis.ts";
import type { RunningServer } from "../support/servers/start-server.ts";

/** How many times as fast as real ones the clocks of the processes run: faster ones end a lease before a busy machine can renew it. */
export const SPEED = 15;
/** Number of sets of processes that share a machine with two cores. Most of a round is waiting. */
export const ARENAS = 4;

/** A store under test, on a server of its own. */
export interface StoreUnderTest {
  /** The name for `openStoreOf`. */
  readonly store: string;
  /** The port of the server; `null` if there is none. */
  readonly port: number | null;
  /** The options of the store, with the port of the server or of a proxy in front of it. */
  options(port: number): object;
  /** Removes the state and the list. */
  wipe(): Promise<void>;
  readonly server: Pick<RunningServer, "kill" | "start"> | null;
  stop(): Promise<void>;
}

/** Milliseconds that one call of a store may take. */
const TIMEOUT_MS = 500;
const TABLES = ["state", "sites", "changes", "change_records", "members"].map((table) => `maintenance_${table}`);

async function inFolder(
  store: string,
  file: string,
  wipe: (path: string, folder: string) => Promise<void>,
): Promise<StoreUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), "chaos-"));
  const path = join(folder, file);
  return {
    store,
    port: null,
    options: () => ({ path }),
    wipe: () => wipe(path, folder),
    server: null,
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}

export const STORES: Readonly<Record<string, () => Promise<StoreUnderTest>>> = {
  file: () =>
    inFolder("file", "state/state.json", async (_path, folder) => {
      for (const name of await readdir(join(folder, "state")))
        await rm(join(folder, "state", name), { recursive: true });
    }),
  sqlite: () =>
    inFolder("sqlite", "state.db", async (path) => {
      const database = new DatabaseSync(path, { timeout: 5_000 });
      database.exec(`begin immediate; ${TABLES.map((table) => `delete from ${table}`).join("; ")}; commit`);
      database.close();
    }),
  async postgres() {
    const server = await startPostgres();
    return {
      store: "postgres",
      port: server.port,
      options: (port) => ({ url: atPort(server.url(), port), heartbeat: 500, timeout: TIMEOUT_MS }),
      wipe: async () => void (await server.execute(`truncate ${TABLES.join(", ")}`)),
      server,
      stop: () => server.stop(),
    };
  },
  async mysql() {
    const server = await startMariaDb();
    await server.execute("create database chaos");
    return {
      store: "mysql",
      port: server.port,
      options: (port) => ({ url: atPort(server.url({ database: "chaos" }), port), timeout: TIMEOUT_MS }),
      async wipe() {
        for (const table of TABLES) await server.execute(`delete from ${table}`, "chaos");
      },
      server,
      stop: () => server.stop(),
    };
  },
  async redis() {
    const server = await startRedis();
    return {
      store: "redis",
      port: server.port,
      options: (port) => ({ url: `redis://127.0.0.1:${port}`, timeout: TIMEOUT_MS }),
      wipe: async () => void (await server.command("FLUSHALL")),
      server,
      stop: () => server.stop(),
    };
  },
  async nats() {
    const server = await startNats();
    await makeBucket(server.address, "chaos");
    return {
      store: "nats",
      port: server.port,
      options: (port) => ({ servers: `127.0.0.1:${port}`, bucket: "chaos", timeout: TIMEOUT_MS }),
      async wipe() {
        await removeBucket(server.address, "chaos");
        await makeBucket(server.address, "chaos");
      },
      server,
      stop: () => server.stop(),
    };
  },
};

function atPort(url: string, port: number): string {
  const parsed = new URL(url);
  parsed.port = String(port);
  return parsed.href;
}
