import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../../../src/stores/store.ts";
import { requireService, type Suite } from "../require-service.ts";
import { MARIADB_BINARY, MARIADB_INSTALL, type MariaDbServer, startMariaDb } from "./mariadb.ts";
import { INSTALL_NATS, makeBucket, NATS as NATS_BINARY, type NatsServer, startNats } from "./nats.ts";
import { openStoreOf } from "./open-store-of.ts";
import { POSTGRES_BINARY, POSTGRES_INSTALL, type PostgresServer, startPostgres } from "./postgres.ts";
import { INSTALL_REDIS, REDIS as REDIS_BINARY, type RedisServer, startRedis } from "./redis.ts";
import { type S3Server, startS3 } from "./s3.ts";

export interface StoreServer {
  /** The port; 0 if the kind has no server. */
  readonly port: number;
  stop(): Promise<void>;
}

/** A store that several processes share, with its own server for each test file. */
export interface StoreKind<Server extends StoreServer = StoreServer> {
  readonly name: string;
  /** The name for `openStoreOf`. */
  readonly store: string;
  readonly suite: Suite;
  start(): Promise<Server>;
  /** Returns the options of a store over the place `id` on the server: a database, a bucket or a key prefix. */
  options(server: Server, id: string, port: number): object;
  /** Creates that place, if the store does not create it itself. */
  prepare?(server: Server, id: string): Promise<void>;
}

export const SQLITE: StoreKind<StoreServer & { readonly folder: string }> = {
  name: "SQLite",
  store: "sqlite",
  suite: requireService("SQLite", "", true),
  async start() {
    const folder = await mkdtemp(join(tmpdir(), "maintenance-"));
    return { folder, port: 0, stop: () => rm(folder, { recursive: true }) };
  },
  options: ({ folder }, id) => ({ path: join(folder, `${id}.db`) }),
};

export const POSTGRES: StoreKind<PostgresServer> = {
  name: "PostgreSQL",
  store: "postgres",
  suite: requireService("PostgreSQL", POSTGRES_INSTALL, POSTGRES_BINARY !== null),
  start: () => startPostgres(),
  options: (server, id, port) => ({ url: atPort(server.url({ database: id }), port), heartbeat: 500 }),
  prepare: async (server, id) => void (await server.execute(`create database ${id}`)),
};

export const MARIADB: StoreKind<MariaDbServer> = {
  name: "MariaDB",
  store: "mysql",
  suite: requireService("MariaDB", MARIADB_INSTALL, MARIADB_BINARY !== null),
  start: () => startMariaDb(),
  options: (server, id, port) => ({ url: atPort(server.url({ database: id }), port) }),
  prepare: async (server, id) => void (await server.execute(`create database ${id}`)),
};

export const REDIS: StoreKind<RedisServer> = {
  name: "Redis",
  store: "redis",
  suite: requireService("Redis", INSTALL_REDIS, REDIS_BINARY !== null),
  start: () => startRedis({ appendonly: "no" }),
  options: (_server, id, port) => ({ url: `redis://127.0.0.1:${port}`, prefix: `${id}:` }),
};

export const NATS: StoreKind<NatsServer> = {
  name: "NATS",
  store: "nats",
  suite: requireService("NATS", INSTALL_NATS, NATS_BINARY !== null),
  start: () => startNats(),
  options: (_server, id, port) => ({ servers: `127.0.0.1:${port}`, bucket: id }),
  prepare: ({ address }, id) => makeBucket(address, id),
};

export const OBJECT_STORAGE: StoreKind<StoreServer & S3Server> = {
  name: "object storage",
  store: "object-storage",
  suite: requireService("object storage", "", true),
  async start() {
    const s3 = await startS3();
    return Object.assign(s3, { port: Number(new URL(s3.url).port), stop: s3.close });
  },
  options: ({ url, bucket, accessKeyId, secretAccessKey }, id, port) => ({
    endpoint: atPort(url, port),
    ...{ bucket, accessKeyId, secretAccessKey, key: `${id}.json` },
  }),
};

/** The type of each kind's server is lost here: pass a kind only the server that it has started. */
export const STORES_WITH_A_SERVER: readonly StoreKind[] = [POSTGRES, MARIADB, REDIS, NATS, OBJECT_STORAGE];

/** Opens the store over the place `id` on the server, and creates its tables. */
export async function openPlace<Server extends StoreServer>(
  kind: StoreKind<Server>,
  server: Server,
  id: string,
  settings: object = {},
): Promise<Store> {
  await kind.prepare?.(server, id);
  const store = openStoreOf(kind.store, { ...kind.options(server, id, server.port), ...settings });
  await store.migrations?.migrate();
  return store;
}

function atPort(url: string, port: number): string {
  const parsed = new URL(url);
  parsed.port = String(port);
  return parsed.href;
}
