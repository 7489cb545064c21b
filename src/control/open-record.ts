import { activeMode } from "../schedule/active-mode.ts";
import { parseInstant } from "../state/instant.ts";
import type { SiteRecord } from "../state/site-record.ts";

/** Whether the manual switch is in force at `now`. */
export function isClosedAt({ mode, until }: SiteRecord, now: number): boolean {
  return activeMode({ mode, until: until === null ? Number.POSITIVE_INFINITY : parseInstant(until) }, now) !== "open";
}

/** The record with its site open and everything put back that the closing had replaced. */
export function openRecordAgain(record: SiteRecord): SiteRecord {
  return { ...record, ...record.restore, mode: "open", until: null, restore: null };
}
