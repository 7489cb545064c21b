import type { Command } from "commander";

/** What every command has that changes the state for good. */
export function addChangeOptions(command: Command): Command {
  return command
    .option("--reason <text>", "why, for the history")
    .option("--dry-run", "says what would happen, and writes nothing");
}
