import { MaintenanceError } from "../../errors.ts";
import type { ObjectAnswer, ObjectRequest } from "./request.ts";

/** A tag that no object has. */
const NO_TAG = `"${"0".repeat(32)}"`;
/** Status codes of a server that honours a condition: it is not met, the object does not exist, or another write is under way. */
const KEPT: readonly number[] = [404, 409, 412];

export type ConditionsFound = { readonly ignored: readonly string[] } | Pick<ObjectAnswer, "status" | "code">;

/**
 * Tries both conditions of a write on an object beside the state, `KEY.probe`, and leaves it there, so that later tries cost two
 * requests. Returns the headers that the server ignores, or its response if it refuses the try.
 */
export async function findIgnoredConditions(
  request: ObjectRequest,
  key: string,
  signal?: AbortSignal,
): Promise<ConditionsFound> {
  const write = (headers: Record<string, string>): Promise<ObjectAnswer> =>
    request("PUT", `${key}.probe`, { headers, body: "{}" }, signal);
  const ignored: string[] = [];
  let created = await write({ "If-None-Match": "*" });
  // The first try creates the object; from then on the condition matters.
  if (created.status === 200) created = await write({ "If-None-Match": "*" });
  const matched = await write({ "If-Match": NO_TAG });
  for (const [name, answer] of [
    ["If-None-Match", created],
    ["If-Match", matched],
  ] as const) {
    if (answer.status === 200) ignored.push(name);
    else if (!KEPT.includes(answer.status)) return { status: answer.status, code: answer.code };
  }
  return { ignored };
}

/**
 * Throws `ERR_STORE_UNAVAILABLE` for a server that ignores a condition: it would lose one of two concurrent changes. If the probe may not
 * be written, the conditions are assumed to be honoured, and `doctor` reports it. Returns whether another probe would have the same result.
 */
export async function requireConditions(
  name: string,
  request: ObjectRequest,
  key: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const found = await findIgnoredConditions(request, key, signal);
  if (!("ignored" in found)) return found.status === 403;
  if (found.ignored.length === 0) return true;
  const message = `${name}: the server ignores ${found.ignored.join(" and ")}, so one of two concurrent changes would be lost.`;
  const hint = "Use a server that honours the conditions of a write, or another store.";
  throw new MaintenanceError("ERR_STORE_UNAVAILABLE", message, { hint });
}
