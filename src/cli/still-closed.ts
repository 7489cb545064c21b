import type { NormalOptions } from "../config/normal-options.ts";
import { isClosedAt } from "../schedule/ended-closure.ts";
import { ALL_SITES, type SiteRecord } from "../state/site-record.ts";
import type { State } from "../state/state.ts";
import { describeEnd, undoLine } from "./describe-closure.ts";
import type { Session } from "./session.ts";
import { listing, siteName, siteSubject } from "./site-name.ts";

/** Every site that is closed in `state` at `now`, groups included. */
export function closedRecords(state: State, now: number): readonly SiteRecord[] {
  return [...state.records.values()].filter((record) => isClosedAt(record, now));
}

/** What is closed still after `opened` were opened: above all what keeps their visitors out all the same. */
export function describeStillClosed(
  opened: readonly string[],
  closed: readonly SiteRecord[],
  { groups }: NormalOptions,
  { time, program }: Pick<Session, "time" | "program">,
): readonly string[] {
  return closed.map((record) => {
    const all = record.id === ALL_SITES || groups.includes(record.id);
    const effect = all ? `, and with it ${listing(opened.map(siteName))}` : "";
    const end = describeEnd(record, time);
    return `${siteSubject(record.id)} is ${record.mode} still${effect}, ${end}. To open: ${undoLine(program, [record.id])}`;
  });
}
