import type { CommandResult } from "../../control/controller.ts";
import { redactRecord } from "../../control/views/record-view.ts";
import { isMaintenanceError, MaintenanceError } from "../../errors.ts";
import { NO_ACCESS } from "../../state/access-token.ts";
import { parseSiteRecord } from "../../state/parse-site-record.ts";
import { readRecord } from "../../state/parse-state.ts";
import { serializeSiteRecord } from "../../state/serialize-site-record.ts";
import { ALL_SITES, openRecord, type SiteRecord } from "../../state/site-record.ts";
import type { RecordChange, StateChange, StoredRecord } from "../../stores/store.ts";
import type { Principal } from "../access/principal.ts";
import type { CommandResultView, RecordText } from "../schema/remote-answers.ts";

/** Sent in place of a record that cannot be read; not a valid record itself. */
const UNREADABLE = '"unreadable"';

/** Returns the part of a record that `principal` may see, never a secret. Without the right to view the site, only the mode for visitors. */
function visibleRecord(principal: Principal, record: SiteRecord): SiteRecord {
  if (!principal.may("view", record.id)) return metByVisitors(record);
  const redacted = redactRecord(record);
  return principal.may("access", ALL_SITES) ? redacted : { ...redacted, access: NO_ACCESS };
}

function visibleText(principal: Principal, record: SiteRecord): RecordText {
  return { version: record.version, text: serializeSiteRecord(visibleRecord(principal, record)) };
}

export function visibleCommandResult(
  principal: Principal,
  { outcomes, forAll, position }: CommandResult,
): CommandResultView {
  const visible = (record: SiteRecord | null) => record && visibleText(principal, record);
  return {
    outcomes: outcomes.map(({ site, effect, before, after }) => {
      return { site, effect, before: visible(before), after: visible(after) };
    }),
    forAll: forAll.map((record) => ({ id: record.id, ...visibleText(principal, record) })),
    position: { lineage: position.lineage, version: position.version },
  };
}

/** Returns the stored text if nothing is hidden: of 100,000 sites few have a link. `null` if it cannot be read. Throws as `parseState` does. */
export function visibleStored(
  principal: Principal,
  stored: StoredRecord,
  separateRecords: boolean,
): StoredRecord | null {
  const { id, version, text } = stored;
  if (principal.may("view", id) && holdsNoSecret(text)) return stored;
  const record = readRecord(id, version, text, separateRecords);
  return record instanceof MaintenanceError ? null : { id, ...visibleText(principal, record) };
}

/** Members of a record that contain no secret; any other has to be checked. */
const NO_SECRETS: ReadonlySet<string> = new Set([
  "hosts",
  "mode",
  "since",
  "until",
  "paths",
  "exemptions",
  "lockdown",
  "notice",
  "response",
  "restore",
  "scope",
  "linkGeneration",
  "changed",
]);

function holdsNoSecret(text: string): boolean {
  try {
    const members: unknown = JSON.parse(text);
    return (
      typeof members === "object" && members !== null && Object.keys(members).every((name) => NO_SECRETS.has(name))
    );
  } catch {
    return false;
  }
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

/** A record that cannot be read cannot be searched for secrets either: none of it is sent. */
function redactText(principal: Principal, id: string, version: number, text: string): string {
  try {
    return visibleText(principal, parseSiteRecord(id, version, text)).text;
  } catch (error) {
    if (isMaintenanceError(error)) return UNREADABLE;
    throw error;
  }
}

/** Returns the part of a record that visitors of the closed site can find out. */
export function metByVisitors({ id, version, mode, until, paths, lockdown, notice, response }: SiteRecord): SiteRecord {
  return { ...openRecord(id), version, mode, until, paths, lockdown, notice, response };
}
