import type { Command } from "commander";
import { addChangeOptions } from "../input/change-options.ts";
import { addExamples } from "../output/examples.ts";
import type { ChangeOptions } from "../project/change-project.ts";
import type { Perform } from "../session.ts";

export function defineSessions(program: Command, perform: Perform): void {
  const sessions = program
    .command("sessions")
    .helpCommand(false)
    .description("Ends the sessions of those who signed in to the admin.");
  addExamples(sessions, [["sessions end", "sign everybody out"]]);

  const end = addChangeOptions(sessions.command("end").description("Signs everybody out of the admin, everywhere."));
  end.action((options: ChangeOptions) =>
    perform(end, async (session) => (await import("../end-sessions.ts")).endSessions(session, options)),
  );
  addExamples(end, [["sessions end --reason 'the password was seen'", "sign everybody out"]]);
}
