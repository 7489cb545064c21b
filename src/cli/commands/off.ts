import type { Command } from "commander";
import type { OffOptions } from "../open-sites.ts";
import { addExamples } from "../output/examples.ts";
import type { Perform } from "../session.ts";

export function defineOff(program: Command, perform: Perform): void {
  const command = program
    .command("off")
    .description("Opens sites, and puts back what their closing replaced; without a site: everything that * closed.")
    .argument("[site...]", "ids; left out: *")
    .option("--reason <text>", "why, for the history")
    .option("-i, --interactive", "asks which")
    .option("--ignore-missing", "skips sites that nobody knows")
    .option("--dry-run", "says what would happen, and writes nothing");
  command.action((sites: readonly string[], options: OffOptions) =>
    perform(command, async (session) => (await import("../open-sites.ts")).openSites(session, sites, options)),
  );
  addExamples(command, [
    ["off", "open everything again"],
    ["off shop blog", "open two sites"],
    ['off shop --reason "migration done"', "and say why in the history"],
  ]);
}
