import { isMaintenanceError, MaintenanceError } from "../errors.ts";
import { driverError } from "./driver-error.ts";

/** What Redis or its driver says, with what to do about it. */
export function redisError(name: string, error: unknown, secrets: readonly string[]): MaintenanceError {
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
  if (message.startsWith("WRONGTYPE")) {
    return new MaintenanceError("ERR_STATE_UNREADABLE", `${name}: one of the keys holds something else.`, {
      hint: "Another program writes below the same prefix: name another with redisStore({ prefix }).",
    });
  }
  return driverError(name, error, secrets, hintFor);
}

function hintFor(said: string): string | undefined {
  return HINTS.find(([sign]) => said.includes(sign))?.[1];
}

const HINTS: readonly (readonly [sign: string, hint: string])[] = [
  ["READONLY", "This is a replica, which takes no changes: name the primary in redisStore({ url })."],
  ["WRONGPASS", "Mend the user name or the password of redisStore({ url })."],
  ["NOAUTH", "Redis wants a password: redisStore({ url: 'redis://USER:PASSWORD@HOST' })."],
  ["AUTH", "Mend the user name or the password of redisStore({ url })."],
  ["NOPERM", "Let this user do what docs/stores-redis.md names: ACL SETUSER."],
  ["LOADING", "Redis is still reading its data from the disk; it will answer soon."],
  ["OOM", "Redis is full: raise maxmemory, or remove what is not needed."],
  ["MISCONF", "Redis cannot write to its disk, and takes no changes until it can: see its log."],
  ["NOREPLICAS", "Redis takes no changes without its replicas (min-replicas-to-write): see that they are connected."],
  ["ECONNREFUSED", "Start Redis, or mend the address in redisStore({ url })."],
  ["ENOTFOUND", "Mend the host in redisStore({ url })."],
  ["certificate", "Pass the authority's certificate as redisStore({ connection: { socket: { ca } } })."],
];
