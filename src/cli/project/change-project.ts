import type { Outcome } from "../../control/apply/apply-command.ts";
import type { Command } from "../../control/command.ts";
import { outcomeView } from "../../control/views/record-view.ts";
import { NOTHING_WRITTEN } from "../output/describe-closure.ts";
import type { Report, Session } from "../session.ts";
import { type Project, withProject } from "./project.ts";

export interface ChangeOptions {
  readonly reason?: string;
  readonly dryRun?: boolean;
}

interface Warned {
  /** Returns the warnings about the change. */
  readonly warnings?: (outcomes: readonly Outcome[], project: Project) => readonly string[];
}

/** Executes a command and reports each outcome in a sentence; `name` is the command as typed. */
export async function changeProject(
  session: Session,
  name: string,
  command: Command,
  { dryRun = false, reason, warnings: warningsOf }: ChangeOptions & Warned,
  tell: (outcome: Outcome) => string,
): Promise<Report> {
  return await withProject(session, async (project) => {
    const execute = project.controller[dryRun ? "rehearse" : "execute"];
    const { outcomes, position } = await execute({ ...command, reason }, session.context.by);
    const warnings = warningsOf?.(outcomes, project) ?? [];
    for (const warning of warnings) session.warn(warning);
    return {
      json: {
        command: name,
        dryRun,
        outcomes: outcomes.map(outcomeView),
        ...(warningsOf && { warnings }),
        version: position.version,
      },
      text: [...(dryRun ? [NOTHING_WRITTEN] : []), ...outcomes.map(tell)].join("\n"),
    };
  });
}
