import type { Outcome } from "../control/apply-command.ts";
import type { Command } from "../control/command.ts";
import { outcomeView } from "../control/record-view.ts";
import { NOTHING_WRITTEN } from "./describe-closure.ts";
import { withProject } from "./project.ts";
import type { Report, Session } from "./session.ts";

export interface ChangeOptions {
  readonly reason?: string;
  readonly dryRun?: boolean;
}

/** Carries out a command and tells each outcome in a sentence; `name` is how it was typed. */
export async function changeProject(
  session: Session,
  name: string,
  command: Command,
  { dryRun = false, reason }: ChangeOptions,
  tell: (outcome: Outcome) => string,
): Promise<Report> {
  return await withProject(session, async ({ controller }) => {
    const execute = dryRun ? controller.rehearse : controller.execute;
    const { outcomes, position } = await execute({ ...command, reason }, session.context.by);
    return {
      json: { command: name, dryRun, outcomes: outcomes.map(outcomeView), version: position.version },
      text: [...(dryRun ? [NOTHING_WRITTEN] : []), ...outcomes.map(tell)].join("\n"),
    };
  });
}
