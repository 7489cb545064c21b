import type { Command } from "commander";
import { addExamples } from "../output/examples.ts";
import type { Perform } from "../session.ts";

export function defineStatus(program: Command, perform: Perform): void {
  const command = program
    .command("status")
    .description(
      "Shows which sites are closed, until when and by whom. Exit code: 0 all open, 2 something is not, 1 error.",
    )
    .argument("[site...]", "ids; left out: every site that is known")
    .option("--ignore-missing", "skips sites that nobody knows");
  command.action((sites: readonly string[], options: { readonly ignoreMissing?: boolean }) =>
    perform(command, async (session) => {
      const { showStatus } = await import("../show-status.ts");
      return await showStatus(session, sites, options.ignoreMissing === true);
    }),
  );
  addExamples(command, [
    ["status", "see every site"],
    ["status shop && ./deploy.sh", "go on only when the shop is open"],
    ["status --json", "for a program"],
  ]);
}
