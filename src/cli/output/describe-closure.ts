import type { NormalOptions } from "../../config/normal-options.ts";
import { wayInWords, waysIn } from "../../control/views/ways-in.ts";
import { parseInstant } from "../../state/instant.ts";
import { ALL_SITES, type SiteRecord } from "../../state/site-record.ts";
import { formatList } from "../../text/list.ts";
import { quote } from "../../text/quote.ts";
import { capitalize } from "../../text/site-name.ts";
import { formatTime, type TimeReference } from "../times/format-time.ts";

/** Returns `until Saturday …`, or `until it is opened`. */
export function describeEnd({ until }: Pick<SiteRecord, "until">, time: TimeReference): string {
  return until === null ? "until it is opened" : `until ${formatTime(parseInstant(until), time)}`;
}

/** Returns the effect of a closure on visitors, one sentence each: the affected part, the message, the exemptions. */
export function describeClosure(
  record: SiteRecord,
  /** Records of the groups, then of `*`, whose exemptions apply too. */
  forAll: readonly SiteRecord[],
  options: NormalOptions,
  time: TimeReference,
): readonly string[] {
  const { mode, paths, notice, response } = record;
  const ways = waysIn(record, forAll, options);
  const isGroup = options.groups.includes(record.id);
  const who = `applications that ${isGroup ? "name this group" : "read this state"}`;
  const status = response.statusCode ?? options.response.status;
  const redirect = response.redirect ?? options.response.redirect;
  return [
    `${capitalize(describeEnd(record, time))}.`,
    ...(paths.length === 0 ? [] : [`Only ${formatList(paths)} is affected; the rest stays open.`]),
    mode === "read-only"
      ? `${capitalize(who)} go on serving pages; requests that write get a ${status}.`
      : `Visitors of ${who} get a ${status}.`,
    ...(redirect === null ? [] : [`Browsers are sent to ${redirect}.`]),
    ...(notice.title === "" ? [] : [`Title: ${quote(notice.title)}`]),
    ...(notice.message === "" ? [] : [`Message: ${quote(notice.message)}`]),
    ...(notice.moreUrl === null ? [] : [`Link: ${notice.moreUrl}`]),
    ...(response.retryAfter === null ? [] : [`Retry-After: ${response.retryAfter} s`]),
    ...(response.refresh === null ? [] : [`Refresh: ${response.refresh} s`]),
    ...(record.lockdown ? ["Lockdown: exemptions do not count."] : []),
    ways.length === 0
      ? "No one is let in."
      : `Still let in: ${ways.map((way) => wayInWords(way, record.id)).join(", ")}.`,
    ...(record.id === ALL_SITES || isGroup ? [] : ["The other sites stay as they are."]),
  ];
}

/** Returns the command that opens the site again. */
export function undoLine(program: string, sites: readonly string[]): string {
  const names = sites.filter((id) => id !== ALL_SITES);
  const everything = sites.length === names.length ? "" : `${program} off`;
  return [everything, names.length === 0 ? "" : `${program} off ${names.join(" ")}`].filter(Boolean).join("; ");
}

/** The first line of a report on a dry run. */
export const NOTHING_WRITTEN = "Dry run: nothing was written. This would be the result:";
