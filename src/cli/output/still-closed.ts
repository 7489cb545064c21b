import type { NormalOptions } from "../../config/normal-options.ts";
import { isClosedAt } from "../../schedule/timetable.ts";
import { ALL_SITES, type SiteRecord } from "../../state/site-record.ts";
import type { State } from "../../state/state.ts";
import { formatCount } from "../../text/list-some.ts";
import { listing, siteName, siteSubject } from "../../text/site-name.ts";
import type { Session } from "../session.ts";
import { describeEnd, undoLine } from "./describe-closure.ts";

/** Every site that is closed in `state` at `now`, groups included. */
export function closedRecords(state: State, now: number): readonly SiteRecord[] {
  return [...state.records.values()].filter((record) => isClosedAt(record, now));
}

const MOST_NAMED = 10;

/** What is closed still after `opened` were opened: above all what keeps their visitors out all the same. */
export function describeStillClosed(
  opened: readonly string[],
  closed: readonly SiteRecord[],
  { groups }: NormalOptions,
  { time, program }: Pick<Session, "time" | "program">,
): readonly string[] {
  const isForAll = ({ id }: SiteRecord): boolean => id === ALL_SITES || groups.includes(id);
  const forAllFirst = closed.toSorted((a, b) => Number(isForAll(b)) - Number(isForAll(a)));
  const lines = forAllFirst.slice(0, MOST_NAMED).map((record) => {
    const effect = isForAll(record) ? `, and with it ${listing(opened.map(siteName))}` : "";
    const end = describeEnd(record, time);
    return `${siteSubject(record.id)} is ${record.mode} still${effect}, ${end}. To open: ${undoLine(program, [record.id])}`;
  });
  const more = closed.length - lines.length;
  return more === 0 ? lines : [...lines, `${formatCount(more)} more are closed still: ${program} status`];
}
