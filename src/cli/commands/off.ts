import type { Command } from "commander";
import type { NormalOptions } from "../../config/normal-options.ts";
import type { OpenCommand } from "../../control/command.ts";
import type { CommandResult } from "../../control/controller.ts";
import { outcomeView } from "../../control/views/record-view.ts";
import { MaintenanceError } from "../../errors.ts";
import { isClosedAt } from "../../schedule/timetable.ts";
import { ALL_SITES, type SiteRecord } from "../../state/site-record.ts";
import { formatCount, formatList } from "../../text/list.ts";
import { siteName, siteSubject } from "../../text/site-name.ts";
import { addExamples, DETACH } from "../input/definition.ts";
import { requirePrompts } from "../input/prompts.ts";
import { describeEnd, NOTHING_WRITTEN, undoLine } from "../output/describe-closure.ts";
import { effectOfSwitch, NO_EFFECT } from "../project/effect-of-switch.ts";
import { type Project, withProject } from "../project/project.ts";
import type { Perform, Report, Session } from "../session.ts";

export function define(program: Command, perform: Perform): void {
  const command = program
    .command("off")
    .description(
      "Opens sites and restores the settings that their closure replaced; without a site: opens what * closed.",
    )
    .argument("[site...]", "ids; default: *")
    .option("--reason <text>", "the reason, shown in the history")
    .option("-i, --interactive", "asks which sites to open")
    .option("--anyway", "opens a site that a running command holds closed")
    .option("--ignore-missing", "skips unknown sites")
    .option("--dry-run", "shows what would happen, and writes nothing")
    .option(...DETACH);
  command.action((sites: readonly string[], options: OffOptions) =>
    perform(command, (session) => openSites(session, sites, options)),
  );
  addExamples(command, [
    ["off", "open everything again"],
    ["off shop blog", "open two sites"],
    ['off shop --reason "migration done"', "open a site, with a reason for the history"],
  ]);
}

interface OffOptions {
  readonly reason?: string;
  readonly interactive?: boolean;
  readonly ignoreMissing?: boolean;
  readonly dryRun?: boolean;
  readonly detach?: boolean;
  readonly anyway?: boolean;
}

async function openSites(session: Session, named: readonly string[], options: OffOptions): Promise<Report> {
  return await withProject(session, async (project) => {
    const { controller } = project;
    const { dryRun = false, interactive = false, detach = false, reason, ignoreMissing, anyway } = options;
    const sites = interactive && named.length === 0 ? await askWhichToOpen(session, project) : named;
    const command: OpenCommand = {
      type: "open",
      sites: sites.length === 0 ? undefined : sites,
      ...{ reason, ignoreMissing, anyway },
    };
    const result = await controller[dryRun ? "rehearse" : "execute"](command, session.context.by);
    const { outcomes, position } = result;
    const opened = outcomes.filter(({ effect }) => effect !== "skipped").map(({ site }) => site);
    const { name: store } = await controller.store();
    const closed = await findStillClosed(project, opened, result, session.time.now);
    const effect = dryRun || detach ? NO_EFFECT : await effectOfSwitch(session, project, result);
    const lines = outcomes.map(({ site, effect }) => {
      const name = siteSubject(site);
      if (effect === "skipped") return `${name} is not known, and was skipped.`;
      return effect === "unchanged" ? `${name} is open already: nothing changed.` : `${name} is open now, in ${store}.`;
    });
    return {
      json: {
        command: "off",
        dryRun,
        outcomes: outcomes.map(outcomeView),
        stillClosed: closed.map(({ id }) => id),
        version: position.version,
        effect: effect.json,
      },
      text: [
        ...(dryRun ? [NOTHING_WRITTEN] : []),
        ...lines,
        ...effect.lines,
        ...describeStillClosed(opened, closed, project.options, session),
      ].join("\n"),
    };
  });
}

async function askWhichToOpen(session: Session, { controller }: Project): Promise<readonly string[]> {
  const prompts = await requirePrompts(session);
  const closed = closedRecords((await controller.state()).records.values(), session.time.now);
  if (closed.length === 0) {
    throw new MaintenanceError("ERR_INVALID_COMMAND", "There is nothing to open.", { hint: "No site is closed." });
  }
  const choices = closed.map(({ id, mode }) => ({ value: id, label: `${siteName(id)}: ${mode}` }));
  return await prompts.selectMany("Which sites do you want to open?", choices);
}

function closedRecords(records: Iterable<SiteRecord>, now: number): readonly SiteRecord[] {
  return [...records].filter((record) => isClosedAt(record, now));
}

/**
 * Returns the closures that still keep visitors out of `opened`. After `*` was opened, these are the sites with a closure of their own:
 * finding them takes a read of every record (docs/decisions/0030-one-read-per-command.md).
 */
async function findStillClosed(
  { controller }: Project,
  opened: readonly string[],
  { forAll }: CommandResult,
  now: number,
): Promise<readonly SiteRecord[]> {
  const done = new Set(opened);
  const records = done.has(ALL_SITES) ? (await controller.state()).records.values() : forAll;
  return closedRecords(records, now).filter(({ id }) => !done.has(id));
}

const MAX_NAMED = 10;

/** Returns a line for each of `closed`: first those that still keep visitors out of `opened`. */
function describeStillClosed(
  opened: readonly string[],
  closed: readonly SiteRecord[],
  { groups }: NormalOptions,
  { time, program }: Pick<Session, "time" | "program">,
): readonly string[] {
  const isForAll = ({ id }: SiteRecord): boolean => id === ALL_SITES || groups.includes(id);
  const forAllFirst = closed.toSorted((a, b) => Number(isForAll(b)) - Number(isForAll(a)));
  const lines = forAllFirst.slice(0, MAX_NAMED).map((record) => {
    const effect = isForAll(record) && opened.length > 0 ? `, and ${formatList(opened.map(siteName))} with it` : "";
    const end = describeEnd(record, time);
    return `${siteSubject(record.id)} is still ${record.mode}${effect}, ${end}. To open it: ${undoLine(program, [record.id])}`;
  });
  const more = closed.length - lines.length;
  return more === 0 ? lines : [...lines, `${formatCount(more)} more are still closed: ${program} status`];
}
