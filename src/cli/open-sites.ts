import type { OpenCommand } from "../control/command.ts";
import { outcomeView } from "../control/views/record-view.ts";
import { MaintenanceError } from "../errors.ts";
import { siteName, siteSubject } from "../text/site-name.ts";
import { requirePrompts } from "./input/ask.ts";
import { NOTHING_WRITTEN } from "./output/describe-closure.ts";
import { closedRecords, describeStillClosed } from "./output/still-closed.ts";
import { type Project, withProject } from "./project/project.ts";
import type { Report, Session } from "./session.ts";

export interface OffOptions {
  readonly reason?: string;
  readonly interactive?: boolean;
  readonly ignoreMissing?: boolean;
  readonly dryRun?: boolean;
}

/** What `off` does. */
export async function openSites(session: Session, named: readonly string[], options: OffOptions): Promise<Report> {
  return await withProject(session, async (project) => {
    const { controller } = project;
    const { dryRun = false, interactive = false, reason, ignoreMissing } = options;
    const sites = interactive && named.length === 0 ? await askWhichToOpen(session, project) : named;
    const command: OpenCommand = { type: "open", sites: sites.length === 0 ? undefined : sites, reason, ignoreMissing };
    const { outcomes, position } = await controller[dryRun ? "rehearse" : "execute"](command, session.context.by);
    const opened = outcomes.filter(({ effect }) => effect !== "skipped").map(({ site }) => site);
    const state = await controller.state();
    const { name: store } = await controller.store();
    const done = new Set(opened);
    const closed = closedRecords(state, session.time.now).filter(({ id }) => !done.has(id));
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
      },
      text: [
        ...(dryRun ? [NOTHING_WRITTEN] : []),
        ...lines,
        ...describeStillClosed(opened, closed, project.options, session),
      ].join("\n"),
    };
  });
}

async function askWhichToOpen(session: Session, { controller }: Project): Promise<readonly string[]> {
  const prompts = await requirePrompts(session);
  const closed = closedRecords(await controller.state(), session.time.now);
  if (closed.length === 0) {
    throw new MaintenanceError("ERR_INVALID_COMMAND", "There is nothing to open.", { hint: "No site is closed." });
  }
  const choices = closed.map(({ id, mode }) => ({ value: id, label: `${siteName(id)}: ${mode}` }));
  return await prompts.selectMany("Which sites do you want to open?", choices);
}
