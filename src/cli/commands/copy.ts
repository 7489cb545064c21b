import type { Command } from "commander";
import type { CopyOptions } from "../copy-state.ts";
import { addExamples } from "../output/examples.ts";
import type { Perform } from "../session.ts";

export function defineCopy(program: Command, perform: Perform): void {
  const command = program
    .command("copy")
    .description("Copies the state with its history from one store to another, and checks what arrived.")
    .option(
      "--from <store>",
      "a URL (file:, sqlite:, postgres:, mysql:, redis:, nats:) or a configuration file; default: the configured store",
    )
    .requiredOption("--to <store>", "the same; must never have been written")
    .option("--replace", "replaces what is in the other store")
    .option("--dry-run", "shows what would be copied, and writes nothing");
  command.action((options: CopyOptions) =>
    perform(command, async (session) => (await import("../copy-state.ts")).copyState(session, options)),
  );
  addExamples(command, [
    ['copy --to "$DATABASE_URL"', "from the file to a database"],
    ["copy --from ./old.config.ts --to ./new.config.ts", "between two configurations"],
    ["copy --to file:backup.json --replace", "keep a copy"],
  ]);
}
