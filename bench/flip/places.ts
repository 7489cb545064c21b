import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MARIADB_BINARY, startMariaDb } from "../../test/support/servers/mariadb.ts";
import { NATS, startNats } from "../../test/support/servers/nats.ts";
import { POSTGRES_BINARY, startPostgres } from "../../test/support/servers/postgres.ts";
import { REDIS, startRedis } from "../../test/support/servers/redis.ts";
import { startS3 } from "../../test/support/servers/s3.ts";

/** The place of the measured state, as plain data for the processes that share it. */
export interface Place {
  readonly store: string;
  /** The options of the store. */
  readonly options: object;
}

export interface StartedPlace extends Place {
  stop(): Promise<void>;
}

interface PlaceKind {
  readonly isInstalled: boolean;
  start(): Promise<Omit<StartedPlace, "store">>;
}

const inFolder = (file: string): PlaceKind => ({
  isInstalled: true,
  async start() {
    const folder = await mkdtemp(join(tmpdir(), "maintenance-bench-"));
    return { options: { path: join(folder, file) }, stop: () => rm(folder, { recursive: true }) };
  },
});

/** Servers on this machine, configured to answer before a change is on the disk. */
const KINDS: Readonly<Record<string, PlaceKind>> = {
  file: inFolder("state.json"),
  sqlite: inFolder("state.db"),
  postgres: {
    isInstalled: POSTGRES_BINARY !== null,
    async start() {
      const server = await startPostgres({ settings: { synchronous_commit: "off" } });
      return { options: { url: server.url(), autoMigrate: true }, stop: server.stop };
    },
  },
  mysql: {
    isInstalled: MARIADB_BINARY !== null,
    async start() {
      const server = await startMariaDb();
      await server.execute("create database bench");
      return { options: { url: server.url({ database: "bench" }), autoMigrate: true }, stop: server.stop };
    },
  },
  redis: {
    isInstalled: REDIS !== null,
    async start() {
      const server = await startRedis({ appendfsync: "everysec" });
      return { options: { url: server.url }, stop: server.stop };
    },
  },
  nats: {
    isInstalled: NATS !== null,
    async start() {
      const server = await startNats();
      return { options: { servers: server.address }, stop: server.stop };
    },
  },
  "object-storage": {
    isInstalled: true,
    async start() {
      const { url: endpoint, bucket, accessKeyId, secretAccessKey, close } = await startS3();
      return { options: { endpoint, bucket, accessKeyId, secretAccessKey }, stop: close };
    },
  },
};

/** The stores that can be started on this machine; with a name, only that one. */
export function storesHere(only: string | null): readonly string[] {
  if (only === null) return Object.keys(KINDS).filter((store) => KINDS[store]?.isInstalled);
  if (KINDS[only]?.isInstalled) return [only];
  throw new TypeError(`There is no store '${only}' here: it is one of ${Object.keys(KINDS).join(", ")}.`);
}

export async function startPlace(store: string): Promise<StartedPlace> {
  const started = await KINDS[store]?.start();
  if (started === undefined) throw new TypeError(`There is no store '${store}'.`);
  return { store, ...started };
}
