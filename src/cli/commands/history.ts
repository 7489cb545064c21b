import type { Command } from "commander";
import { addExamples } from "../output/examples.ts";
import type { Perform } from "../session.ts";
import type { HistoryOptions } from "../show-history.ts";

export function defineHistory(program: Command, perform: Perform): void {
  const command = program
    .command("history")
    .description("Shows what was changed, newest first: when, by whom, from where, what and why.")
    .option("--site <id>", "only changes of this site")
    .option("--limit <number>", "at most so many: 1 to 1000; default: 20")
    .option("--before <version>", "only what came before this version: the next page");
  command.action((options: HistoryOptions) =>
    perform(command, async (session) => (await import("../show-history.ts")).showHistory(session, options)),
  );
  addExamples(command, [
    ["history", "see the last changes"],
    ["history --site shop --limit 5", "the last five of one site"],
    ["history --before 17", "what came before version 17"],
  ]);
}
