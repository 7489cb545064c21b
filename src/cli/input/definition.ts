import type { Command } from "commander";

/** Adds examples to a command's help: each line without the program's name, and its purpose. */
export function addExamples(command: Command, examples: readonly (readonly [line: string, purpose: string])[]): void {
  const lines = examples.map(([line, purpose]) => `  # ${purpose}\n  maintenance-mode ${line}`);
  command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}

/** Adds the options of every command that changes the state permanently. */
export function addChangeOptions(command: Command): Command {
  return command
    .option("--reason <text>", "the reason, shown in the history")
    .option("--dry-run", "shows what would happen, and writes nothing");
}

/** The option of the switches. */
export const DETACH = ["--detach", "returns at once, without saying which processes have applied the change"] as const;
