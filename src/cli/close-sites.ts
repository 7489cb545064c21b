import type { Outcome } from "../control/apply/apply-command.ts";
import { outcomeView } from "../control/views/record-view.ts";
import { robotsWarningOfClosing } from "../control/views/robots-warning.ts";
import { shutsEverybodyOut } from "../control/views/ways-in.ts";
import type { SiteRecord } from "../state/site-record.ts";
import { listing, siteName } from "../text/site-name.ts";
import { confirm } from "./input/ask.ts";
import { type ClosureOptions, parseEnd, toCloseCommand } from "./input/closure-options.ts";
import { describeClosing } from "./output/describe-closing.ts";
import { NOTHING_WRITTEN, undoLine } from "./output/describe-closure.ts";
import { newExemptionWarnings } from "./output/exemption-warnings-of.ts";
import { recordNow, recordsForAll } from "./output/record-now.ts";
import { type Project, withProject } from "./project/project.ts";
import type { Report, Session } from "./session.ts";

export interface OnOptions extends ClosureOptions {
  readonly interactive?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** What `on` does. */
export async function closeSites(session: Session, named: readonly string[], given: OnOptions): Promise<Report> {
  return await withProject(session, async (project) => {
    const { dryRun = false, interactive = false, yes = false } = given;
    const { sites, options } = interactive
      ? await (await import("./input/ask-how-to-close.ts")).askHowToClose(session, project, named, given)
      : { sites: named, options: given };
    const end = await parseEnd(options, session.time);
    const command = toCloseCommand(sites, options, end);
    const told = end === null ? session : { ...session, time: { ...session.time, timeZone: end.timeZone } };

    const rehearsal = await project.controller.rehearse(command, session.context.by);
    const preview = await describeClosing(told, project, rehearsal.outcomes, options.reason);
    const warnings = [
      ...(await doorsThatShut(project, rehearsal.outcomes, session.time.now)),
      ...newExemptionWarnings(rehearsal.outcomes, project, session.time.now),
    ];
    for (const warning of warnings) session.warn(warning);
    const asks = session.context.isInteractive && !dryRun && !yes && (interactive || warnings.length > 0);
    if (asks) {
      if (interactive) session.context.stderr.write(`${preview.join("\n")}\n`);
      await confirm(session, `Close ${listing(rehearsal.outcomes.map(({ site }) => siteName(site)))}?`);
    }

    const result = dryRun ? rehearsal : await project.controller.execute(command, session.context.by);
    if (!dryRun) warnings.push(...(await whoCannotFollow(project, session)));
    const closed = result.outcomes.filter(({ effect }) => effect !== "skipped").map(({ site }) => site);
    const lines = dryRun ? preview : await describeClosing(told, project, result.outcomes, options.reason);
    const remarks = [
      ...(end?.remark ? [end.remark] : []),
      ...(await robotsRemarks(project, result.outcomes, session.time.now)),
    ];
    const undo = closed.length === 0 ? [] : [`To open again: ${undoLine(session.program, closed)}`];
    return {
      json: {
        command: "on",
        dryRun,
        outcomes: result.outcomes.map(outcomeView),
        warnings,
        remarks,
        version: result.position.version,
      },
      text: [...(dryRun ? [NOTHING_WRITTEN] : []), ...lines, ...remarks, ...undo].join("\n"),
    };
  });
}

async function robotsRemarks(
  { controller, options }: Project,
  outcomes: readonly Outcome[],
  now: number,
): Promise<readonly string[]> {
  const closing = outcomes.flatMap(({ after }) => (after?.until ? [after] : []));
  if (closing.length === 0) return [];
  const forAll = recordsForAll(await controller.state(), options, now);
  const found = await robotsWarningOfClosing(closing, forAll, options, now);
  return found === null ? [] : [`${found}. Let it pass with --allow-path /robots.txt.`];
}

/** Where the state is a file: who cannot read it, and whether the next deploy loses it. */
async function whoCannotFollow({ controller }: Project, session: Session): Promise<readonly string[]> {
  const store = await controller.store();
  const findings = store.capabilities.opensWhenRemoved === true ? ((await store.examine?.()) ?? []) : [];
  const found = findings
    .filter(({ level }) => level !== "fine")
    .map(({ message, hint }) => `${message}. ${hint ?? ""}`);
  for (const warning of found) session.warn(warning);
  return found;
}

/** What an operator should hear before it is done: a door that shuts behind everybody. */
async function doorsThatShut(
  { controller, options }: Project,
  outcomes: readonly Outcome[],
  now: number,
): Promise<readonly string[]> {
  const state = await controller.state();
  const forAll = recordsForAll(state, options, now);
  const shuts = (record: SiteRecord): boolean => shutsEverybodyOut(record, forAll, options);
  return outcomes.flatMap(({ site, after }) => {
    if (after === null || !shuts(after) || shuts(recordNow(state, site, now))) return [];
    const why = after.lockdown
      ? "in lockdown exemptions do not count"
      : "no address, user or path for people is exempt (--allow-ip lets somebody in, and so does `exempt` in the configuration)";
    return [`Nobody will get in to ${siteName(after.id)} while it is closed, not even you: ${why}.`];
  });
}
