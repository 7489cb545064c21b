import { isMaintenanceError, messageOf } from "../../errors.ts";
import { errorFinding, type Finding, okFinding, warnFinding } from "../../finding.ts";
import { clockFinding } from "../driver/findings.ts";
import type { Store } from "../store.ts";
import { findIgnoredConditions } from "./conditions.ts";
import { refusedBy } from "./error.ts";
import type { ObjectRequest } from "./request.ts";

export interface ExaminedObjectStorage {
  readonly store: Store;
  readonly key: string;
  readonly request: ObjectRequest;
}

/** Clocks of machines that are looked after differ by less; requests are refused from 15 minutes on. Milliseconds. */
const LARGEST_SKEW = 60_000;
const NTP = "Synchronise the clock with NTP: if it is off by 15 minutes, requests are refused.";
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
    return [okFinding("object", held), clock, await examineConditions(examined, signal)];
  } catch (error) {
    if (signal?.aborted || !isMaintenanceError(error) || error.code === "ERR_ALREADY_CLOSED") throw error;
    return [errorFinding("object", messageOf(error), error.hint)];
  }
}

/** Some servers ignore the condition and write unconditionally. */
async function examineConditions(
  { key, request, store }: ExaminedObjectStorage,
  signal?: AbortSignal,
): Promise<Finding> {
  const subject = "conditional writes";
  const found = await findIgnoredConditions(request, key, signal);
  if ("ignored" in found) {
    if (found.ignored.length === 0) return okFinding(subject, "If-Match and If-None-Match are kept");
    const hint = "Use a server that keeps both, or another store. Until then changes are refused.";
    return errorFinding(
      subject,
      `the server ignores ${found.ignored.join(" and ")}: one of two concurrent changes is lost`,
      hint,
    );
  }
  if (found.status === 403) {
    const probe = `${key}.probe`;
    return warnFinding(subject, `not tried: '${probe}' may not be written`, `Allow s3:PutObject on '${probe}' too.`);
  }
  const { message, hint } = refusedBy(store.name, found.status, found.code);
  return errorFinding(subject, message, hint);
}
