import { isMaintenanceError, messageOf } from "../errors.ts";
import { broken, type Finding, fine, warning } from "../finding.ts";
import { refusedBy } from "./object-storage-error.ts";
import type { ObjectRequest } from "./object-storage-request.ts";
import { clockFinding } from "./server-findings.ts";
import type { Store } from "./store.ts";

export interface ExaminedObjectStorage {
  readonly store: Store;
  readonly key: string;
  readonly request: ObjectRequest;
}

/** Clocks of machines that are looked after differ by less; requests are refused from 15 minutes on. Milliseconds. */
const LARGEST_SKEW = 60_000;
const NTP = "Set the clock by NTP: from 15 minutes on, requests are refused.";
/** The tag of no object. */
const NO_TAG = `"${"0".repeat(32)}"`;

/** Rejects only when the store is closed or the caller gives up. */
export async function examineObjectStorage(
  examined: ExaminedObjectStorage,
  signal?: AbortSignal,
): Promise<readonly Finding[]> {
  const { store, key, request } = examined;
  try {
    const { version } = await store.load({ signal });
    const { date } = await request("HEAD", key, {}, signal);
    const held = version === 0 ? "nothing was ever stored" : `version ${version}`;
    const clock = clockFinding(Date.parse(date ?? ""), LARGEST_SKEW, NTP);
    return [fine("object", held), clock, await examineConditions(examined, signal)];
  } catch (error) {
    if (signal?.aborted || !isMaintenanceError(error) || error.code === "ERR_ALREADY_CLOSED") throw error;
    return [broken("object", messageOf(error), error.hint)];
  }
}

/** There are servers that take a conditional write for a plain one, and say nothing. */
async function examineConditions(
  { key, request, store }: ExaminedObjectStorage,
  signal?: AbortSignal,
): Promise<Finding> {
  const subject = "conditional writes";
  const probe = `${key}.probe`;
  const { status, code } = await request("PUT", probe, { headers: { "If-Match": NO_TAG }, body: "{}" }, signal);
  if (status === 412 || status === 404 || status === 409) return fine(subject, "the conditions of a write are kept");
  if (status === 200) {
    await request("DELETE", probe, {}, signal);
    const hint = "Use a server that keeps If-Match, or another store; until then, switch from one place at a time.";
    return broken(subject, "the conditions of a write are ignored: of two changes at once one is lost", hint);
  }
  if (status === 403) {
    return warning(subject, `not tried: '${probe}' may not be written`, `Allow s3:PutObject on '${probe}' too, once.`);
  }
  const { message, hint } = refusedBy(store.name, status, code);
  return broken(subject, message, hint);
}
