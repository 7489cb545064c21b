import { isClosedAt } from "../../schedule/ended-closure.ts";
import type { SiteRecord } from "../../state/site-record.ts";
import { closeRecord } from "../apply/close-record.ts";
import type { CloseCommand } from "../command.ts";

/**
 * The record as it would be, were its site closed with `command` now; a site that is closed keeps its mode where none is given. Throws
 * `ERR_INVALID_TIME` for an end that is past.
 */
export function previewRecord(record: SiteRecord, command: CloseCommand, now: number): SiteRecord {
  const keeps = command.mode === undefined && isClosedAt(record, now) && record.mode !== "open";
  return closeRecord(record, keeps ? { ...command, mode: record.mode } : command, now);
}
