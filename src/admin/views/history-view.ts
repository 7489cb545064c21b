import { recordView } from "../../control/views/record-view.ts";
import { type RecordedSite, readRecordedChange } from "../../control/views/recorded-change.ts";
import { ALL_SITES, openRecord } from "../../state/site-record.ts";
import type { RecordChange, StateChange } from "../../stores/store.ts";
import type { Principal } from "../access/principal.ts";
import type { HistoryEntryView } from "../schema/responses.ts";

type Changes = HistoryEntryView["sites"][number]["changes"];

/** Returns one change, with the sites that `principal` may see. Patterns of every kind must be loaded. */
export function historyEntry(
  { version, at, by, command, reason, records }: StateChange,
  principal: Principal,
): HistoryEntryView {
  const sites = records
    .filter(({ id }) => principal.may("view", id))
    .map((record) => ({ site: record.id, changes: changesOf(record, principal.may("access", ALL_SITES)) }));
  return { version, at, by, command, reason, sites };
}

/** Empty for a record that cannot be read: written by hand, or by another release. */
function changesOf(record: RecordChange, withAccess: boolean): Changes {
  const { before, after } = readRecordedChange(record);
  if (before === "unreadable" || after === "unreadable") return [];
  return differences(viewOf(before, record.id, withAccess), viewOf(after, record.id, withAccess), "");
}

function viewOf(found: Exclude<RecordedSite, "unreadable">, id: string, withAccess: boolean): object {
  const record = found ?? openRecord(id);
  if (!withAccess) return recordView(record);
  const { tokens, sessionGeneration } = record.access;
  return { ...recordView(record), tokens: tokens.map(({ hash: _hash, ...token }) => token), sessionGeneration };
}

/** Compares objects member by member; lists are shown whole. */
function differences(before: object, after: object, path: string): Changes {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [was, is] = [own(before, name), own(after, name)];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    const member = `${path}${name}`;
    if (isPlainObject(was) && isPlainObject(is)) return differences(was, is, `${member}.`);
    return [{ member, before: was, after: is }];
  });
}

function own(object: object, name: string): unknown {
  return Object.hasOwn(object, name) ? Reflect.get(object, name) : null;
}

function isPlainObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
