import { Command, Option } from "commander";
import type { CliContext } from "./cli-context.ts";
import { addExamples } from "./input/definition.ts";
import type { Perform } from "./session.ts";

export interface GlobalOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly url?: string;
  /** Always refused: see `adminUrlOf`. */
  readonly token?: string | boolean;
}

interface CommandModule {
  /** Adds the command to `program`. */
  define(program: Command, perform: Perform): void;
}

/** The commands, in the order of the help. Each module contains one whole command, so that a run loads only one of them. */
const COMMANDS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  on: () => import("./commands/on.ts"),
  run: () => import("./commands/run.ts"),
  off: () => import("./commands/off.ts"),
  status: () => import("./commands/status.ts"),
  fleet: () => import("./commands/fleet.ts"),
  sites: () => import("./commands/sites.ts"),
  exempt: () => import("./commands/exempt.ts"),
  link: () => import("./commands/link.ts"),
  token: () => import("./commands/token.ts"),
  sessions: () => import("./commands/sessions.ts"),
  history: () => import("./commands/history.ts"),
  explain: () => import("./commands/explain.ts"),
  preview: () => import("./commands/preview.ts"),
  doctor: () => import("./commands/doctor.ts"),
  migrate: () => import("./commands/migrate.ts"),
  copy: () => import("./commands/copy.ts"),
  init: () => import("./commands/init.ts"),
  serve: () => import("./commands/serve.ts"),
};

/** Options whose value is the next argument. */
const OPTIONS_WITH_VALUE: readonly string[] = ["--config", "--url", "--token"];

/**
 * Returns the program with the command that `argv` names; with all commands if `argv` names none or asks for help. The program throws
 * `CommanderError` and never exits.
 */
export async function createProgram(
  { stdout, stderr, version }: CliContext,
  perform: Perform,
  argv: readonly string[],
): Promise<Command> {
  const program = new Command("maintenance-mode")
    .description("Takes a web application, or one of its sites, out of service and brings it back.")
    .option("--config <path>", "the configuration file; default: the nearest maintenance.config.{ts,mts,js,mjs,json}")
    .addOption(
      new Option(
        "--url <url>",
        "uses the admin at this address instead of the store, with MAINTENANCE_TOKEN; default: MAINTENANCE_URL",
      ).conflicts("config"),
    )
    // Defined, so that it can be refused without being repeated.
    .addOption(new Option("--token [token]").hideHelp())
    .option("--json", "prints results and errors as JSON")
    .version(version, "--version", "prints the version")
    .helpOption("--help", "prints this help")
    .helpCommand(false)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // `run` reports the error in the common form.
      outputError: () => {},
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  addExamples(program, [
    ['on --message "Back at nine" --until 21:00', "close everything"],
    ["off", "open it again"],
    ["status", "see what is closed; the exit code says it too"],
  ]);
  for (const { define } of await loadCommands(argv)) define(program, perform);
  return program;
}

async function loadCommands(argv: readonly string[]): Promise<readonly CommandModule[]> {
  const named = argv.findIndex((argument, index) => !argument.startsWith("-") && !isValue(argv, index));
  const load = Object.hasOwn(COMMANDS, argv[named] ?? "") ? COMMANDS[argv[named] ?? ""] : undefined;
  // After an unknown option, `--help` asks for the help of the whole program.
  if (load !== undefined && (named === 0 || !argv.includes("--help"))) return [await load()];
  // The help lists every command, and a misspelt name is compared with every one.
  return await Promise.all(Object.values(COMMANDS).map(async (it) => it()));
}

function isValue(argv: readonly string[], index: number): boolean {
  return OPTIONS_WITH_VALUE.includes(argv[index - 1] ?? "");
}

/** Returns the command that `argv` names, as far as it exists, and its names, each followed by a space. */
export function findCommand(program: Command, argv: readonly string[]): { readonly command: Command; names: string } {
  const found = program.commands.find((command) => argv.includes(command.name()));
  if (found === undefined) return { command: program, names: "" };
  const { command, names } = findCommand(found, argv);
  return { command, names: `${found.name()} ${names}` };
}
