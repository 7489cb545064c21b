import type { Command } from "commander";
import { addExamples } from "../output/examples.ts";
import type { Perform } from "../session.ts";

export function defineDoctor(program: Command, perform: Perform): void {
  const command = program
    .command("doctor")
    .description(
      "Checks the configuration, the store and the stored state, and says what to do. Exit code: 1 when something is broken.",
    );
  command.action(() => perform(command, async (session) => (await import("../doctor/examine.ts")).examine(session)));
  addExamples(command, [
    ["doctor", "before the first deploy, and when something is odd"],
    ["doctor --config ./other.config.ts", "with another configuration"],
  ]);
}
