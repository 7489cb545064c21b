import { isMaintenanceError, MaintenanceError } from "../../errors.ts";
import { type DriverHints, driverError, hintAmong, networkHints } from "../driver/error.ts";

/** Returns the error that the user gets. */
export function explainRedis(name: string, secrets: readonly unknown[], error: unknown): MaintenanceError {
  if (isMaintenanceError(error)) return error;
  const message = error instanceof Error ? error.message : "";
  const lost = /MAINTENANCE lost (.+)/.exec(message);
  if (lost) {
    return new MaintenanceError(
      "ERR_STATE_UNREADABLE",
      `${name}: the key '${lost[1]}' is gone, and others are there.`,
      {
        hint: "Set maxmemory-policy to noeviction. Restore the key from a backup, or delete the others too and switch again.",
      },
    );
  }
  if (message.includes("MAINTENANCE incomplete")) {
    return new MaintenanceError(
      "ERR_STORE_UNAVAILABLE",
      `${name}: a part of the state that was being copied in is gone, and nothing was replaced.`,
      { hint: "The copy took too long, or Redis evicts keys: set maxmemory-policy to noeviction, and copy again." },
    );
  }
  if (message.startsWith("WRONGTYPE")) {
    return new MaintenanceError("ERR_STATE_UNREADABLE", `${name}: one of the keys holds something else.`, {
      hint: "Another program writes below the same prefix: name another with redisStore({ prefix }).",
    });
  }
  return driverError(name, error, secrets, hintAmong(HINTS, error));
}

const RIGHTS = "Let this user do what docs/stores-redis.md of this package lists: ACL SETUSER.";

const HINTS: DriverHints = [
  ["READONLY", "This is a replica, which takes no changes: name the primary in redisStore({ url })."],
  ["WRONGPASS", "Fix the user name or the password of redisStore({ url })."],
  ["NOAUTH", "Redis wants a password: redisStore({ url: 'redis://USER:PASSWORD@HOST' })."],
  ["AUTH", "Fix the user name or the password of redisStore({ url })."],
  ["NOPERM", RIGHTS],
  ["The user executing the script", RIGHTS],
  ["LOADING", "Redis is still reading its data from the disk; it will answer soon."],
  ["OOM", "Redis is full: raise maxmemory, or remove what is not needed."],
  ["MISCONF", "Redis cannot write to its disk, and takes no changes until it can: see its log."],
  ["NOREPLICAS", "Redis takes no changes without its replicas (min-replicas-to-write): see that they are connected."],
  ["DB index", "Fix the number of the database at the end of redisStore({ url })."],
  ["Invalid pathname", "Write a number, that of the database, at the end of redisStore({ url }), or nothing."],
  [
    "Socket closed unexpectedly",
    "The server ended the connection: see its log, that it is Redis, and whether it wants TLS (rediss://HOST).",
  ],
  ...networkHints("Redis", "redisStore({ url })"),
  ["certificate", "Pass the authority's certificate as redisStore({ connection: { socket: { ca } } })."],
];
