import { CommanderError } from "commander";
import { parseAdminUrl } from "../admin/remote/admin-url.ts";
import { MaintenanceError } from "../errors.ts";
import type { CliContext } from "./cli-context.ts";
import { formatCliError, toCliError } from "./output/cli-error.ts";
import { createStyle } from "./output/style.ts";
import { createProgram, findCommand, type GlobalOptions } from "./program.ts";
import type { Perform } from "./session.ts";

/** Runs the command line `argv`, without the names of the runtime and the program. Resolves with the exit code; never rejects. */
export async function run(context: CliContext, argv: readonly string[]): Promise<number> {
  const { env, stdout, stderr, clock, timeZone } = context;
  const name = env.npm_command === "exec" ? "npx maintenance-mode" : "maintenance-mode";
  const errorStyle = createStyle(stderr, env);
  let exitCode = 0;
  // What follows `--` belongs to another program.
  const end = argv.indexOf("--");
  const own = end === -1 ? argv : argv.slice(0, end);
  const perform: Perform = async (command, work) => {
    const options = command.optsWithGlobals<GlobalOptions>();
    const { json = false, config } = options;
    let defaults: object = {};
    const report = await work({
      context,
      rest: end === -1 ? [] : argv.slice(end + 1),
      json,
      configPath: config,
      adminUrl: adminUrlOf(command.name(), options, context),
      style: createStyle(stdout, env),
      time: { now: clock.now(), timeZone },
      program: invocation(name, options),
      usesDefaults(folder, store) {
        defaults = { configuration: null, store };
        const message = `There is no configuration file in ${folder}: the defaults apply, and the state is in ${store}.`;
        if (!json) stderr.write(`${errorStyle.warning("Note:")} ${message}\n`);
      },
      warn: (message) => stderr.write(`${errorStyle.warning("Warning:")} ${message}\n`),
    });
    const indent = report.isLast === true ? undefined : 2;
    const output = report.isForStderr === true ? stderr : stdout;
    if (json) output.write(`${JSON.stringify({ ...report.json, ...defaults }, null, indent)}\n`);
    else if (report.text !== "") output.write(`${report.text.trimEnd()}\n`);
    exitCode = report.exitCode ?? 0;
  };
  const program = await createProgram(context, perform, argv);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (thrown) {
    // Help or the version was requested, and is already written.
    if (thrown instanceof CommanderError && /^commander\.(?:help|version)/.test(thrown.code)) return thrown.exitCode;
    const { command, names } = findCommand(program, own);
    const error = toCliError(thrown, `${name} ${names}--help`, command);
    stderr.write(own.includes("--json") ? `${JSON.stringify({ error })}\n` : formatCliError(error, errorStyle));
    return 1;
  }
}

/** Returns the text before a command's name that uses the same configuration or admin again: `npx maintenance-mode --config deploy/site.ts`. */
function invocation(name: string, { config, url }: GlobalOptions): string {
  if (config !== undefined) return `${name} --config ${shellWord(config)}`;
  return url !== undefined && isAdminUrl(url) ? `${name} --url ${shellWord(url)}` : name;
}

/** Returns `false` for an invalid address: it may contain a password, and is not repeated. */
function isAdminUrl(url: string): boolean {
  try {
    parseAdminUrl(url);
    return true;
  } catch {
    return false;
  }
}

function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Commands that work on local things, with the reason why they cannot be run on an admin. */
const HERE: Readonly<Record<string, string>> = {
  run: "it holds the site in the store itself",
  init: "it writes a configuration file in this folder",
  migrate: "it creates tables in the store itself",
  copy: "it needs the stores themselves, including secrets",
  serve: "it is the admin, over the store itself",
};

/**
 * Returns the address of the admin that `command` is for: that of `--url`, or else of the environment, unless `--config` is given;
 * `undefined` for the store itself. Throws `ERR_INVALID_COMMAND` for a command that needs the store, and for a token on the command line.
 */
function adminUrlOf(
  command: string,
  { url, config, token }: GlobalOptions,
  { env }: Pick<CliContext, "env">,
): string | undefined {
  if (token !== undefined) {
    throw new MaintenanceError(
      "ERR_INVALID_COMMAND",
      "A token cannot be an argument: every user of this machine can see arguments.",
      {
        hint: "Set MAINTENANCE_TOKEN in the environment instead. If the token was a real one, revoke it.",
      },
    );
  }
  const here = HERE[command];
  if (here === undefined) return url ?? (config === undefined ? env.MAINTENANCE_URL || undefined : undefined);
  // In the same shell `on` closes the sites of the admin: `run` must not close those of another store.
  const isMeant = command === "run" && config === undefined && Boolean(env.MAINTENANCE_URL);
  if (url === undefined && !isMeant) return undefined;
  const option = url === undefined ? "MAINTENANCE_URL" : "--url";
  throw new MaintenanceError("ERR_INVALID_COMMAND", `'${command}' takes no ${option}: ${here}.`, {
    hint:
      command === "run"
        ? "Run it where the store can be reached, with --config; or close with `on --wait --url`, run the command, and open with `off --url`."
        : "Run it where the store can be reached, without --url.",
  });
}
