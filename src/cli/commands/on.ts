import type { Command } from "commander";
import type { Outcome } from "../../control/apply/apply-command.ts";
import type { CommandResult } from "../../control/controller.ts";
import { newExemptionWarnings } from "../../control/views/exemption-warnings.ts";
import { outcomeView } from "../../control/views/record-view.ts";
import { robotsWarningOfClosing } from "../../control/views/robots-warning.ts";
import { shutsEverybodyOut } from "../../control/views/ways-in.ts";
import { recordAt } from "../../schedule/timetable.ts";
import { parseInstant } from "../../state/instant.ts";
import { openRecord, type SiteRecord } from "../../state/site-record.ts";
import { formatList } from "../../text/list.ts";
import { plain, quote } from "../../text/quote.ts";
import { siteName, siteSubject } from "../../text/site-name.ts";
import { addClosureOptions, type ClosureOptions, parseEnd, toCloseCommand } from "../input/closure-options.ts";
import { addExamples, DETACH } from "../input/definition.ts";
import { confirm } from "../input/prompts.ts";
import { addWaitOptions, requireWait, type TypedWait } from "../input/wait-options.ts";
import { describeChange } from "../output/describe-change.ts";
import { describeClosure, NOTHING_WRITTEN, undoLine } from "../output/describe-closure.ts";
import { effectOfSwitch, NO_EFFECT } from "../project/effect-of-switch.ts";
import { type Project, withProject } from "../project/project.ts";
import { reportOfWait, waitForProcesses } from "../project/wait-for-processes.ts";
import type { Perform, Report, Session } from "../session.ts";
import { formatTime, type TimeReference } from "../times/format-time.ts";

export function define(program: Command, perform: Perform): void {
  const command = addWaitOptions(
    addClosureOptions(
      program
        .command("on")
        .description("Closes sites, or changes their closure; without a site: closes everything.")
        .argument("[site...]", "ids; default: *, which stands for all sites"),
    ),
  )
    .option("-i, --interactive", "asks for the options that are not given")
    .option("--ignore-missing", "skips unknown sites")
    .option("--anyway", "narrows the closure of a site that a running command holds")
    .option("--yes", "does not ask for confirmation, even if no one would get in")
    .option("--dry-run", "shows what would happen, and writes nothing")
    .option(...DETACH);
  command.action((sites: readonly string[], options: OnOptions) =>
    perform(command, (session) => closeSites(session, sites, options)),
  );
  addExamples(command, [
    ['on --message "Back at nine"', "close everything until you open it"],
    ["on shop --until '22:00 Europe/Berlin'", "close one site until 22:00 in Berlin"],
    ["on shop --for 2h --allow-ip 10.0.0.0/8", "close it for two hours, and let the office in"],
    ["on --read-only --reason 'moving the database'", "go on serving pages"],
    ["on shop --only '/checkout/*'", "close a part of a site"],
    ["on shop --wait", "come back when every process has closed and drained: exit code 0"],
    ["on -i", "answer questions instead of typing options"],
  ]);
}

interface OnOptions extends ClosureOptions, TypedWait {
  readonly interactive?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly detach?: boolean;
}

async function closeSites(session: Session, named: readonly string[], given: OnOptions): Promise<Report> {
  return await withProject(session, async (project) => {
    const { dryRun = false, interactive = false, yes = false, detach = false, wait = false } = given;
    requireWait(given);
    const { sites, options } = interactive
      ? await (await import("../input/ask-how-to-close.ts")).askHowToClose(session, project, named, given)
      : { sites: named, options: given };
    const end = await parseEnd(options, session.time);
    const command = toCloseCommand(sites, options, end);
    const shown = end === null ? session : { ...session, time: { ...session.time, timeZone: end.timeZone } };

    const { controller } = project;
    const { by, isInteractive } = session.context;
    const { now } = session.time;
    const mayAsk = isInteractive && !dryRun && !yes;
    // The warnings come before the question, and the question before the change.
    const proposal = dryRun || mayAsk || wait ? await controller.propose(command, by) : null;
    const seen = proposal ?? (await controller.execute(command, by));
    const warnings = [
      ...doorsThatShut(project, seen, now),
      ...newExemptionWarnings(seen.outcomes, project.addressSources, now),
    ];
    for (const warning of warnings) session.warn(warning);
    if (mayAsk && (interactive || warnings.length > 0)) {
      const preview = interactive ? await describeOutcomes(shown, project, seen, options.reason) : [];
      if (interactive) session.context.stderr.write(`${preview.join("\n")}\n`);
      await confirm(session, `Close ${formatList(seen.outcomes.map(({ site }) => siteName(site)))}?`);
    }

    // Read before a wait: afterwards an admin may be gone.
    await controller.store();
    const waited = wait && !dryRun ? await waitForProcesses(session, project, command, given) : null;
    if (waited?.change === null) return reportOfWait(waited);
    const result = waited?.change ?? (proposal === null || dryRun ? seen : await proposal.commit());
    if (!dryRun) warnings.push(...(await whoCannotFollow(project, session)));
    const closed = result.outcomes.filter(({ effect }) => effect !== "skipped").map(({ site }) => site);
    const lines = await describeOutcomes(shown, project, result, options.reason);
    const remarks = [...(end?.remark ? [end.remark] : []), ...(await robotsRemarks(project, result, now))];
    const effect = dryRun || detach || waited !== null ? NO_EFFECT : await effectOfSwitch(session, project, result);
    const undo = closed.length === 0 ? [] : [`To open again: ${undoLine(session.program, closed)}`];
    const json = {
      command: "on",
      dryRun,
      outcomes: result.outcomes.map(outcomeView),
      warnings,
      remarks,
      version: result.position.version,
      effect: effect.json,
    };
    const text = [...(dryRun ? [NOTHING_WRITTEN] : []), ...lines, ...remarks, ...effect.lines];
    if (waited === null) return { json, text: [...text, ...undo].join("\n") };
    const report = reportOfWait(waited);
    return { ...report, json: { ...json, ...report.json }, text: [...text, report.text, ...undo].join("\n") };
  });
}

/** Returns the records that apply to every site, before or after the command. */
function recordsForAll(
  side: "before" | "after",
  { outcomes, forAll }: CommandResult,
  now: number,
): readonly SiteRecord[] {
  return forAll.map((record) => {
    const outcome = outcomes.find(({ site }) => site === record.id);
    return recordAt(outcome === undefined ? record : (outcome[side] ?? openRecord(record.id)), now);
  });
}

async function robotsRemarks({ options }: Project, result: CommandResult, now: number): Promise<readonly string[]> {
  const closed = result.outcomes.flatMap(({ after }) => (after?.until ? [after] : []));
  const found = await robotsWarningOfClosing(closed, recordsForAll("after", result, now), options, now);
  return found === null ? [] : [`${found}. Let it pass with --allow-path /robots.txt.`];
}

/** Returns warnings about a state in a file: users that cannot read it, and deploys that would lose it. */
async function whoCannotFollow({ controller }: Project, session: Session): Promise<readonly string[]> {
  const store = await controller.store();
  const findings = store.capabilities.opensWhenRemoved === true ? ((await store.examine?.()) ?? []) : [];
  const found = findings.filter(({ level }) => level !== "ok").map(({ message, hint }) => `${message}. ${hint ?? ""}`);
  for (const warning of found) session.warn(warning);
  return found;
}

/** Returns warnings for closures without any exemption, also for the operator. */
function doorsThatShut({ options }: Project, result: CommandResult, now: number): readonly string[] {
  const forAll = recordsForAll("before", result, now);
  const shuts = (record: SiteRecord): boolean => shutsEverybodyOut(record, forAll, options);
  return result.outcomes.flatMap(({ site, before, after }) => {
    if (after === null || !shuts(after) || shuts(recordAt(before ?? openRecord(site), now))) return [];
    const why = after.lockdown
      ? "in lockdown exemptions do not count"
      : "no address, user or path for people is exempt (--allow-ip adds an address, and so does `exempt` in the configuration)";
    return [`No one will get in to ${siteName(after.id)} while it is closed, not even you: ${why}.`];
  });
}

/** Returns, for each site of the command, a sentence on what changed and below it how the site is closed now. */
async function describeOutcomes(
  { time, style }: Pick<Session, "time" | "style">,
  { controller, options }: Project,
  result: CommandResult,
  reason: string | undefined,
): Promise<readonly string[]> {
  const { name: store } = await controller.store();
  const forAll = recordsForAll("after", result, time.now);
  return result.outcomes.flatMap((outcome) => {
    const { site, after } = outcome;
    if (after === null) return [`${siteSubject(site)} is not known, and was skipped.`];
    const details = describeClosure(after, forAll, options, time).map((line) => `  ${line}`);
    return [style.strong(headline(outcome, after, { time, reason, store })), ...details];
  });
}

interface Described {
  readonly time: TimeReference;
  /** Reason of this change. */
  readonly reason: string | undefined;
  /** Name of the store. */
  readonly store: string;
}

function headline({ effect, before }: Outcome, after: SiteRecord, { time, reason, store }: Described): string {
  const name = siteSubject(after.id);
  if (effect === "closed") return `${name} is ${after.mode} now, in ${store}.`;
  const since = before === null ? "" : describeStart(before, time);
  if (effect === "unchanged") return `${name} is ${after.mode} already${since}: nothing changed.`;
  const changes = describeChange(before, after, time.timeZone);
  const why = reason === undefined ? [] : [`reason: ${quote(reason)}`];
  return `${name} was ${before?.mode ?? "open"} already${since}. Changed now: ${[...changes, ...why].join("; ")}.`;
}

/** Returns `, since … by …`. A record names only the author of its last change, which may be later than the closure. */
function describeStart({ since, changed }: SiteRecord, time: TimeReference): string {
  if (since === null) return "";
  const by = changed === null ? "" : `${changed.at === since ? "" : ", last changed"} by ${plain(changed.by.label)}`;
  return `, since ${formatTime(parseInstant(since), time)}${by}`;
}
