import { Command, Option } from "commander";
import type { CliContext } from "./cli-context.ts";
import { defineCopy } from "./commands/copy.ts";
import { defineDoctor } from "./commands/doctor.ts";
import { defineExempt } from "./commands/exempt.ts";
import { defineExplain } from "./commands/explain.ts";
import { defineHistory } from "./commands/history.ts";
import { defineInit } from "./commands/init.ts";
import { defineLink } from "./commands/link.ts";
import { defineMigrate } from "./commands/migrate.ts";
import { defineOff } from "./commands/off.ts";
import { defineOn } from "./commands/on.ts";
import { definePreview } from "./commands/preview.ts";
import { defineServe } from "./commands/serve.ts";
import { defineSessions } from "./commands/sessions.ts";
import { defineSites } from "./commands/sites.ts";
import { defineStatus } from "./commands/status.ts";
import { defineToken } from "./commands/token.ts";
import { addExamples } from "./output/examples.ts";
import type { Perform } from "./session.ts";

export interface GlobalOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly url?: string;
  /** Never to be used. */
  readonly token?: string | boolean;
}

/** Each adds one command, and imports what that command needs only when it is run. */
const DEFINITIONS = [
  defineOn,
  defineOff,
  defineStatus,
  defineSites,
  defineExempt,
  defineLink,
  defineToken,
  defineSessions,
  defineHistory,
  defineExplain,
  definePreview,
  defineDoctor,
  defineMigrate,
  defineCopy,
  defineInit,
  defineServe,
];

/** The whole command line. Throws `CommanderError` where others would exit. */
export function createProgram({ stdout, stderr, version }: CliContext, perform: Perform): Command {
  const program = new Command("maintenance-mode")
    .description("Takes a web application, or one of its sites, out of service and brings it back.")
    .option("--config <path>", "the configuration file; default: the nearest maintenance.config.{ts,mts,js,mjs,json}")
    .addOption(
      new Option(
        "--url <url>",
        "works on the admin at this address instead, with MAINTENANCE_TOKEN; default: MAINTENANCE_URL",
      ).conflicts("config"),
    )
    // Known, so that it can be refused without being repeated.
    .addOption(new Option("--token [token]").hideHelp())
    .option("--json", "results and errors for programs")
    .version(version, "--version", "print the version")
    .helpOption("--help", "print this help")
    .helpCommand(false)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // Told by whoever catches the error, in one form with all the others.
      outputError: () => {},
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  addExamples(program, [
    ['on --message "Back at nine" --until 21:00', "close everything"],
    ["off", "open it again"],
    ["status", "see what is closed; the exit code says so too"],
  ]);
  for (const define of DEFINITIONS) define(program, perform);
  return program;
}

/** The names of the command that `argv` means, as far as there is one, each with a space after it. */
export function findCommand(program: Command, argv: readonly string[]): string {
  const found = program.commands.find((command) => argv.includes(command.name()));
  return found === undefined ? "" : `${found.name()} ${findCommand(found, argv)}`;
}
