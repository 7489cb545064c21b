import { MaintenanceError } from "../../errors.ts";
import { isClosedAt, openRecordAgain } from "../../schedule/timetable.ts";
import { resolveEnd } from "../../state/end.ts";
import { formatInstant, type Instant } from "../../state/instant.ts";
import type { ClosureSettings, Notice, SiteRecord } from "../../state/site-record.ts";
import type { ValidCloseCommand, ValidEditCommand } from "../command.ts";
import { addExemptions } from "./exemption-list.ts";

/**
 * Returns a record as `command` closes it. The replaced settings are kept in `restore`; a site that is already closed keeps its
 * `restore`, so that `open` returns to the settings before the first closure. Throws `ERR_INVALID_TIME` for an end in the past.
 */
export function closeRecord(record: SiteRecord, command: ValidCloseCommand, now: number): SiteRecord {
  const until = endOf(command, now);
  const wasClosed = isClosedAt(record, now);
  const base = wasClosed ? record : openRecordAgain(record);
  const settings = settingsOf(command, base);
  const replaced = Object.fromEntries(Object.keys(settings).map((key) => [key, Reflect.get(base, key)]));
  const restore: Partial<ClosureSettings> = { ...replaced, ...base.restore };
  return {
    ...base,
    ...settings,
    mode: command.mode ?? "closed",
    since: wasClosed ? base.since : formatInstant(now),
    until: until === undefined && wasClosed ? base.until : (until ?? null),
    restore: Object.keys(restore).length === 0 ? null : restore,
  };
}

/** Returns `undefined` if the command does not name an end. */
function endOf(command: ValidCloseCommand, now: number): Instant | null | undefined {
  if (command.for !== undefined && command.until !== undefined) {
    throw new MaintenanceError("ERR_INVALID_COMMAND", "Both 'until' and 'for' are given.", {
      hint: "Leave one of them out.",
    });
  }
  const end = command.for ?? command.until;
  return end === undefined || end === null ? end : resolveEnd(end, now, "until");
}

function settingsOf(command: ValidCloseCommand, base: SiteRecord): Partial<ClosureSettings> {
  const { paths, exempt, lockdown } = command;
  return {
    ...(paths === undefined ? {} : { paths }),
    ...(exempt === undefined ? {} : { exemptions: addExemptions(base.exemptions, exempt) }),
    ...(lockdown === undefined ? {} : { lockdown }),
    ...answerOf(base, command, (there, added) => addTranslations(there, added)),
  };
}

/** Returns the parts of a record that an edit changes. If it has translations, they replace all existing ones. */
export function editAnswer(
  base: SiteRecord,
  settings: ValidEditCommand,
): Partial<Pick<SiteRecord, "notice" | "response">> {
  return answerOf(base, settings, (_there, given) => given);
}

/** Returns the parts of a record that `settings` change. `join` combines the existing translations with the new ones. */
function answerOf(
  { notice, response }: SiteRecord,
  settings: ValidCloseCommand | ValidEditCommand,
  join: (there: Notice["translations"], given: Notice["translations"]) => Notice["translations"],
): Partial<Pick<SiteRecord, "notice" | "response">> {
  const { title, message, translations, moreUrl } = settings;
  const texts = given({ title, message, moreUrl });
  const answer = given({
    statusCode: settings.statusCode,
    retryAfter: settings.retryAfter,
    refresh: settings.refresh,
    redirect: settings.redirect,
  });
  // New words make the old translations wrong: a visitor would read last month's message in French.
  const there = title === undefined && message === undefined ? notice.translations : {};
  const joined = translations === undefined ? there : join(there, translations);
  return {
    ...(texts === null && translations === undefined ? {} : { notice: { ...notice, ...texts, translations: joined } }),
    ...(answer === null ? {} : { response: { ...response, ...answer } }),
  };
}

type Given<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Returns the members with a value; `null` if there are none. */
function given<T extends object>(members: T): Given<T> | null {
  const some = Object.entries(members).filter(([, value]) => value !== undefined);
  return some.length === 0 ? null : (Object.fromEntries(some) as Given<T>);
}

/** An empty text keeps the existing one; a language with two empty texts is removed. */
function addTranslations(before: Notice["translations"], added: Notice["translations"]): Notice["translations"] {
  const changed = Object.entries(added).map(([language, { title, message }]) => {
    const there = Object.hasOwn(before, language) ? before[language] : undefined;
    const isRemoved = title === "" && message === "";
    const texts = isRemoved
      ? { title, message }
      : { title: title || (there?.title ?? ""), message: message || (there?.message ?? "") };
    return [language, texts] as const;
  });
  const all = Object.entries({ ...before, ...Object.fromEntries(changed) });
  return Object.fromEntries(all.filter(([, { title, message }]) => title !== "" || message !== ""));
}

/**
 * Returns the record as `command` would close it now. A closed site keeps its mode if the command has none. Throws `ERR_INVALID_TIME`
 * for an end in the past.
 */
export function previewRecord(record: SiteRecord, command: ValidCloseCommand, now: number): SiteRecord {
  const closed = closeRecord(record, command, now);
  return command.mode === undefined && isClosedAt(record, now) ? { ...closed, mode: record.mode } : closed;
}
