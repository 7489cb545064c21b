import type { Outcome } from "../../control/apply/apply-command.ts";
import { type ChangesBySite, findClosing } from "../../control/views/recorded-change.ts";
import { parseInstant } from "../../state/instant.ts";
import type { SiteRecord } from "../../state/site-record.ts";
import { plain, quote } from "../../text/quote.ts";
import { siteSubject } from "../../text/site-name.ts";
import type { Project } from "../project/project.ts";
import type { Session } from "../session.ts";
import { formatTime } from "../times/format-time.ts";
import type { TimeReference } from "../times/time-reference.ts";
import { describeChange } from "./describe-change.ts";
import { describeClosure } from "./describe-closure.ts";
import { readClosings } from "./read-closings.ts";
import { recordsForAll } from "./record-now.ts";

/** What became of each site that was to be closed: a sentence, and below it how it is closed now. */
export async function describeClosing(
  { time, style }: Pick<Session, "time" | "style">,
  { controller, options }: Project,
  outcomes: readonly Outcome[],
  reason: string | undefined,
): Promise<readonly string[]> {
  const { name: store } = await controller.store();
  const forAll = recordsForAll(await controller.state(), options, time.now).map(
    (record) => outcomes.find(({ site }) => site === record.id)?.after ?? record,
  );
  const history = outcomes.some(({ effect }) => effect === "updated" || effect === "unchanged")
    ? await readClosings(controller)
    : new Map();
  return outcomes.flatMap((outcome) => {
    const { site, after } = outcome;
    if (after === null) return [`${siteSubject(site)} is not known, and was skipped.`];
    const details = describeClosure(after, forAll, options, time).map((line) => `  ${line}`);
    return [style.strong(headline(outcome, after, { history, time, reason, store })), ...details];
  });
}

interface Told {
  readonly history: ChangesBySite;
  readonly time: TimeReference;
  /** Of this change. */
  readonly reason: string | undefined;
  /** Where it is written. */
  readonly store: string;
}

function headline({ effect, before }: Outcome, after: SiteRecord, { history, time, reason, store }: Told): string {
  const name = siteSubject(after.id);
  if (effect === "closed") return `${name} is ${after.mode} now, in ${store}.`;
  const start = findClosing(after.id, history);
  const since = start === null ? "" : `, since ${formatTime(parseInstant(start.at), time)} by ${plain(start.by.label)}`;
  if (effect === "unchanged") return `${name} is ${after.mode} already${since}: nothing changed.`;
  const changes = describeChange(before, after, time.timeZone);
  const why = reason === undefined ? [] : [`reason: ${quote(reason)}`];
  return `${name} was ${before?.mode ?? "open"} already${since}. Changed now: ${[...changes, ...why].join("; ")}.`;
}
