import { isMaintenanceError, MaintenanceError } from "../../errors.ts";
import { type DriverHints, driverError, hintAmong, networkHints } from "../driver/error.ts";

/** Returns the error that the user gets. */
export function explainRedis(name: string, secrets: readonly unknown[], error: unknown): MaintenanceError {
  if (isMaintenanceError(error)) return error;
  const message = error instanceof Error ? error.message : "";
  const lost = /MAINTENANCE lost (.+)/.exec(message);
  if (lost) {
    return new MaintenanceError("ERR_STATE_UNREADABLE", `${name}: the key '${lost[1]}' is missing, but others exist.`, {
      hint: "Set maxmemory-policy to noeviction. Restore the key from a backup, or delete the others too and close the sites again.",
    });
  }
  if (message.includes("MAINTENANCE incomplete")) {
    return new MaintenanceError(
      "ERR_STORE_UNAVAILABLE",
      `${name}: a part of the imported state is missing, so nothing was replaced.`,
      { hint: "The copy took too long, or Redis evicts keys: set maxmemory-policy to noeviction, and copy again." },
    );
  }
  if (message.startsWith("WRONGTYPE")) {
    return new MaintenanceError("ERR_STATE_UNREADABLE", `${name}: one of the keys has the wrong type.`, {
      hint: "Another program uses the same prefix: set another one with redisStore({ prefix }).",
    });
  }
  return driverError(name, error, secrets, hintAmong(HINTS, error));
}

const RIGHTS = "Grant this user the permissions in docs/stores-redis.md of this package, with ACL SETUSER.";

const HINTS: DriverHints = [
  ["READONLY", "This is a replica, which accepts no writes: use the primary in redisStore({ url })."],
  ["WRONGPASS", "Fix the user name or the password of redisStore({ url })."],
  ["NOAUTH", "Redis requires a password: redisStore({ url: 'redis://USER:PASSWORD@HOST' })."],
  ["AUTH", "Fix the user name or the password of redisStore({ url })."],
  ["NOPERM", RIGHTS],
  ["The user executing the script", RIGHTS],
  ["LOADING", "Redis is still reading its data from the disk; it will answer soon."],
  ["OOM", "Redis is full: raise maxmemory, or remove what is not needed."],
  ["MISCONF", "Redis cannot write to its disk and accepts no writes until it can: see its log."],
  [
    "NOREPLICAS",
    "Redis accepts no writes without its replicas (min-replicas-to-write): check that they are connected.",
  ],
  ["DB index", "Fix the number of the database at the end of redisStore({ url })."],
  ["Invalid pathname", "End the url of redisStore({ url }) with the number of the database, or leave the path out."],
  [
    "Socket closed unexpectedly",
    "The server closed the connection: see its log, and check that it is Redis and whether it requires TLS (rediss://HOST).",
  ],
  ...networkHints("Redis", "redisStore({ url })"),
  ["certificate", "Pass the authority's certificate as redisStore({ connection: { socket: { ca } } })."],
];
