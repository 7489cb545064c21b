import type { Command } from "commander";
import { addChangeOptions, addExamples } from "../input/definition.ts";
import { NOTHING_WRITTEN } from "../output/describe-closure.ts";
import type { ChangeOptions } from "../project/change-project.ts";
import { withProject } from "../project/project.ts";
import type { Perform, Report, Session } from "../session.ts";

export function define(program: Command, perform: Perform): void {
  const sessions = program.command("sessions").helpCommand(false).description("Ends sessions of the admin.");
  addExamples(sessions, [["sessions end", "sign every user out"]]);

  const end = addChangeOptions(
    sessions.command("end").description("Signs every user out of the admin, on every server."),
  );
  end.action((options: ChangeOptions) => perform(end, (session) => endSessions(session, options)));
  addExamples(end, [["sessions end --reason 'the password was leaked'", "sign every user out"]]);
}

async function endSessions(session: Session, { dryRun = false, reason }: ChangeOptions): Promise<Report> {
  return await withProject(session, async ({ controller }) => {
    const execute = dryRun ? controller.rehearse : controller.execute;
    const { position } = await execute({ type: "end-sessions", reason }, session.context.by);
    return {
      json: { command: "sessions end", dryRun, version: position.version },
      text: [
        ...(dryRun ? [NOTHING_WRITTEN] : []),
        "Users who signed in to the admin with the password have to sign in again. Tokens stay valid.",
      ].join("\n"),
    };
  });
}
