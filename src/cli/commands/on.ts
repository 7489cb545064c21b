import type { Command } from "commander";
import type { OnOptions } from "../close-sites.ts";
import { addClosureOptions } from "../input/closure-options.ts";
import { addExamples } from "../output/examples.ts";
import type { Perform } from "../session.ts";

export function defineOn(program: Command, perform: Perform): void {
  const command = addClosureOptions(
    program
      .command("on")
      .description("Closes sites, or changes how they are closed; without a site: everything.")
      .argument("[site...]", "ids; left out: *, which stands for all"),
  )
    .option("-i, --interactive", "asks for what was not given")
    .option("--ignore-missing", "skips sites that nobody knows")
    .option("--yes", "does not ask, even if nobody would get in")
    .option("--dry-run", "says what would happen, and writes nothing");
  command.action((sites: readonly string[], options: OnOptions) =>
    perform(command, async (session) => (await import("../close-sites.ts")).closeSites(session, sites, options)),
  );
  addExamples(command, [
    ['on --message "Back at nine"', "close everything until you open it"],
    ["on shop --until '22:00 Europe/Berlin'", "close one site; it opens by itself"],
    ["on shop --for 2h --allow-ip 10.0.0.0/8", "and let the office in"],
    ["on --read-only --reason 'moving the database'", "let people read on"],
    ["on shop --only '/checkout/*'", "close a part of a site"],
    ["on -i", "be asked for everything"],
  ]);
}
