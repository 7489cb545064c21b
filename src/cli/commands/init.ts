import type { Command } from "commander";
import type { InitOptions } from "../initialize.ts";
import { addExamples } from "../output/examples.ts";
import type { Perform } from "../session.ts";

export function defineInit(program: Command, perform: Perform): void {
  const command = program
    .command("init")
    .description("Writes a configuration file, and shows the lines for the framework that package.json names.")
    .option("--force", "writes over the file that is there")
    .option("--dry-run", "says what would happen, and writes nothing");
  command.action((options: InitOptions) =>
    perform(command, async (session) => (await import("../initialize.ts")).initialize(session, options)),
  );
  addExamples(command, [
    ["init", "begin"],
    ["init --dry-run", "see what it would write"],
  ]);
}
