import { isMaintenanceError } from "../../errors.ts";
import { driverTimeout, loadDriver } from "../driver/load.ts";
import { connectionOf, type IoRedisClient, type NodeRedisClient, type RedisConnection } from "./client.ts";

export interface RedisAddress {
  readonly url: string | undefined;
  /** Options for the driver. */
  readonly connection: Readonly<Record<string, unknown>>;
  /** Milliseconds to connect. */
  readonly timeout: number;
}

/** Opens a connection with `redis`, or with `ioredis` if only that is installed. Throws `ERR_DRIVER_MISSING`. */
export async function openRedis(address: RedisAddress, signal: AbortSignal): Promise<RedisConnection> {
  const client = (await createNodeRedis(address)) ?? (await createIoRedis(address));
  // Without a listener an error event would end the process; the call that is under way rejects with the same error.
  client.on("error", () => {});
  const connection = connectionOf(client);
  const drop = (): void => connection.drop();
  signal.addEventListener("abort", drop, { once: true });
  try {
    await connection.connect();
  } catch (error) {
    drop();
    throw error;
  } finally {
    signal.removeEventListener("abort", drop);
  }
  return connection;
}

// Auto-reconnect and the offline queue are disabled: a queued command would run after its caller has timed out.

async function createNodeRedis({ url, connection, timeout }: RedisAddress): Promise<NodeRedisClient | null> {
  const driver = await ifInstalled(() => loadDriver("redisStore", "redis", () => import("redis")));
  if (driver === null) return null;
  const { socket, ...rest } = connection;
  return driver.createClient({
    ...(url !== undefined && { url }),
    ...rest,
    disableOfflineQueue: true,
    socket: { connectTimeout: driverTimeout(timeout), ...Object(socket), reconnectStrategy: false },
  });
}

async function createIoRedis({ url, connection, timeout }: RedisAddress): Promise<IoRedisClient> {
  const driver = await ifInstalled(() => loadDriver("redisStore", "ioredis", () => import("ioredis")));
  // Name only one of the two packages to install.
  const { Redis } = driver ?? (await loadDriver("redisStore", "redis", () => import("ioredis")));
  const options = {
    connectTimeout: driverTimeout(timeout),
    ...connection,
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: () => null,
  };
  return url === undefined ? new Redis(options) : new Redis(url, options);
}

async function ifInstalled<T>(load: () => Promise<T>): Promise<T | null> {
  try {
    return await load();
  } catch (error) {
    if (isMaintenanceError(error, "ERR_DRIVER_MISSING")) return null;
    throw error;
  }
}
