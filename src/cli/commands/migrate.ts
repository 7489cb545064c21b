import type { Command } from "commander";
import type { MigrateOptions } from "../migrate-store.ts";
import { addExamples } from "../output/examples.ts";
import type { Perform } from "../session.ts";

export function defineMigrate(program: Command, perform: Perform): void {
  const command = program
    .command("migrate")
    .description("Makes the tables that the configured store needs, or brings them up to date.")
    .option("--print", "prints the SQL, and runs none of it")
    .option(
      "--to <step>",
      "forwards or back to this step, as `migrate --dry-run` names them; `none` takes all of them back",
    )
    .option("--dry-run", "shows what would be done, and does nothing");
  command.action((options: MigrateOptions) =>
    perform(command, async (session) => (await import("../migrate-store.ts")).migrateStore(session, options)),
  );
  addExamples(command, [
    ["migrate --print", "see the SQL first"],
    ["migrate", "in a deploy script: any number may run it at once"],
    ["migrate --dry-run", "see which steps there are"],
  ]);
}
