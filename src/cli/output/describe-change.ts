import { isClosedAt } from "../../schedule/timetable.ts";
import { parseInstant } from "../../state/instant.ts";
import { openRecord, type SiteRecord } from "../../state/site-record.ts";
import { quote } from "../../text/quote.ts";
import { formatShortTime } from "../times/format-time.ts";

/** Returns the effect of a change on a site in one word. `at` is the time in epoch milliseconds. */
export function changeWord(before: SiteRecord | null, after: SiteRecord | null, at: number): string {
  if (after === null) return "removed";
  const wasClosed = before !== null && isClosedAt(before, at);
  const isClosed = isClosedAt(after, at);
  if (isClosed && !wasClosed) return "closed";
  if (!isClosed && wasClosed) return "opened";
  return before === null ? "added" : "changed";
}

/** Returns the differences in words: `mode: open → closed`. */
export function describeChange(
  before: SiteRecord | null,
  after: SiteRecord | null,
  timeZone: string,
): readonly string[] {
  const id = before?.id ?? after?.id ?? "";
  const ends = [before?.until ?? "", after?.until ?? ""];
  const [was, is] = [facts(before ?? openRecord(id), timeZone), facts(after ?? openRecord(id), timeZone)];
  return [...is].flatMap(([name, value]) => {
    const old = was.get(name) ?? "";
    // Ends within one minute have the same words.
    if (name === "until" && old === value && ends[0] !== ends[1]) return [`until: ${ends.join(" → ")}`];
    return old === value ? [] : [`${name}: ${old || "none"} → ${value || "none"}`];
  });
}

function facts(record: SiteRecord, timeZone: string): ReadonlyMap<string, string> {
  const { notice, response, exemptions } = record;
  const words = (text: string): string => (text === "" ? "" : quote(text));
  const number = (value: number | null): string => (value === null ? "" : String(value));
  const translations = Object.entries(notice.translations);
  return new Map([
    ["mode", record.mode],
    ["until", record.until === null ? "" : `${formatShortTime(parseInstant(record.until), timeZone)} ${timeZone}`],
    ["hosts", record.hosts.join(", ")],
    ["only", record.paths.join(", ")],
    ["exempt addresses", exemptions.addresses.map(({ range }) => range).join(", ")],
    ["exempt paths", exemptions.paths.map(({ pattern }) => pattern).join(", ")],
    ["lockdown", record.lockdown ? "on" : "off"],
    ["title", words(notice.title)],
    ["message", words(notice.message)],
    [
      "translations",
      translations.map(([tag, { title, message }]) => `${tag} ${quote(`${title} ${message}`)}`).join(", "),
    ],
    ["link", notice.moreUrl ?? ""],
    ["status code", number(response.statusCode)],
    ["retry after", number(response.retryAfter)],
    ["refresh", number(response.refresh)],
    ["redirect", response.redirect ?? ""],
    ["links", record.links.map(({ label }) => quote(label)).join(", ")],
    ["links voided", number(record.linkGeneration || null)],
    ["tokens", record.access.tokens.map(({ name }) => quote(name)).join(", ")],
    ["sessions ended", number(record.access.sessionGeneration || null)],
  ]);
}
