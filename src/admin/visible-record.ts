import { redactRecord } from "../control/redact-record.ts";
import { isMaintenanceError } from "../errors.ts";
import { NO_ACCESS } from "../state/access-token.ts";
import { parseSiteRecord } from "../state/parse-site-record.ts";
import { serializeSiteRecord } from "../state/serialize-site-record.ts";
import { ALL_SITES, openRecord, type SiteRecord } from "../state/site-record.ts";
import type { RecordChange, StateChange } from "../stores/store.ts";
import type { Principal } from "./access/principal.ts";
import type { RecordText } from "./remote-types.ts";

/** No record: whoever reads it finds that it cannot be read. */
const UNREADABLE = '"unreadable"';

/** What `principal` may know of a record, never a secret. Who may not see the site gets what its visitors meet. */
export function visibleRecord(principal: Principal, record: SiteRecord): SiteRecord {
  if (!principal.may("view", record.id)) return metByVisitors(record);
  const redacted = redactRecord(record);
  return principal.may("access", ALL_SITES) ? redacted : { ...redacted, access: NO_ACCESS };
}

export function visibleText(principal: Principal, record: SiteRecord): RecordText {
  return { version: record.version, text: serializeSiteRecord(visibleRecord(principal, record)) };
}

/** The change without other people's sites; `null` when it is about these alone. Patterns of every kind must be readable. */
export function visibleChange(principal: Principal, change: StateChange): StateChange | null {
  const { records } = change;
  const visible = records.filter(({ id }) => principal.may("view", id));
  const concerns = records.length === 0 ? principal.may("view", ALL_SITES) : visible.length > 0;
  return concerns ? { ...change, records: visible.map((record) => visibleRecordChange(principal, record)) } : null;
}

function visibleRecordChange(principal: Principal, { id, seen, before, after }: RecordChange): RecordChange {
  const visible = (version: number, text: string | null): string | null =>
    text === null ? null : redactText(principal, id, version, text);
  return { id, seen, before: visible(seen, before), after: visible(seen + 1, after) };
}

/** What cannot be read cannot be searched for secrets either: nothing of it is told. */
function redactText(principal: Principal, id: string, version: number, text: string): string {
  try {
    return visibleText(principal, parseSiteRecord(id, version, text)).text;
  } catch (error) {
    if (isMaintenanceError(error)) return UNREADABLE;
    throw error;
  }
}

function metByVisitors({ id, version, mode, until, paths, lockdown, notice, response }: SiteRecord): SiteRecord {
  return { ...openRecord(id), version, mode, until, paths, lockdown, notice, response };
}
