import type { Command } from "commander";

/** Shows, below a command's help, what people type: each line without the program's name, and what it does. */
export function addExamples(command: Command, examples: readonly (readonly [line: string, purpose: string])[]): void {
  const lines = examples.map(([line, purpose]) => `  # ${purpose}\n  maintenance-mode ${line}`);
  command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}

/** What every command has that changes the state for good. */
export function addChangeOptions(command: Command): Command {
  return command
    .option("--reason <text>", "why, for the history")
    .option("--dry-run", "says what would happen, and writes nothing");
}
