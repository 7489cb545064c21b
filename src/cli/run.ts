import { CommanderError } from "commander";
import type { CliContext } from "./cli-context.ts";
import { adminUrlOf, invocation } from "./invocation.ts";
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
  const perform: Perform = async (command, work) => {
    const options = command.optsWithGlobals<GlobalOptions>();
    const { json = false, config } = options;
    let defaults: object = {};
    const report = await work({
      context,
      json,
      configPath: config,
      adminUrl: adminUrlOf(command.name(), options, context),
      style: createStyle(stdout, env),
      time: { now: clock.now(), timeZone },
      program: invocation(name, options),
      usesDefaults(folder, store) {
        defaults = { configuration: null, store };
        const message = `There is no configuration file in ${folder}: the defaults count, and the state is in ${store}.`;
        if (!json) stderr.write(`${errorStyle.warning("Note:")} ${message}\n`);
      },
      warn: (message) => stderr.write(`${errorStyle.warning("Warning:")} ${message}\n`),
    });
    stdout.write(json ? `${JSON.stringify({ ...report.json, ...defaults }, null, 2)}\n` : `${report.text.trimEnd()}\n`);
    exitCode = report.exitCode ?? 0;
  };
  const program = await createProgram(context, perform, argv);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (thrown) {
    // Help or the version was requested, and is already written.
    if (thrown instanceof CommanderError && /^commander\.(?:help|version)/.test(thrown.code)) return thrown.exitCode;
    const error = toCliError(thrown, `${name} ${findCommand(program, argv)}--help`);
    stderr.write(argv.includes("--json") ? `${JSON.stringify({ error })}\n` : formatCliError(error, errorStyle));
    return 1;
  }
}
