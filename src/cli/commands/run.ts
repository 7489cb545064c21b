import { type Command, Option } from "commander";
import { keepAlive } from "../../clock.ts";
import type { Hold, HoldEnd } from "../../control/barrier/hold.ts";
import type { WaitReason } from "../../control/barrier/wait-result.ts";
import { MaintenanceError } from "../../errors.ts";
import { formatList } from "../../text/list.ts";
import { siteName } from "../../text/site-name.ts";
import type { Program } from "../cli-context.ts";
import { addClosureOptions, type ClosureOptions, toCloseCommand } from "../input/closure-options.ts";
import { addExamples } from "../input/definition.ts";
import { addWaitOptions, requireWait, type TypedWait } from "../input/wait-options.ts";
import { undoLine } from "../output/describe-closure.ts";
import { describeReason, describeResult } from "../output/describe-wait.ts";
import { withProject } from "../project/project.ts";
import { reportOfWait, waitForProcesses } from "../project/wait-for-processes.ts";
import type { Perform, Report, Session } from "../session.ts";

export function define(program: Command, perform: Perform): void {
  const command = addWaitOptions(
    addClosureOptions(
      program
        .command("run")
        .usage("[site...] [options] -- COMMAND [ARGUMENT...]")
        .description(
          "Closes sites while a command runs, and restores them afterwards. Exit code: that of the command; 125 if it was not started, 126 if it cannot be executed, 127 if it was not found, 7 if the closure was changed by others.",
        )
        .argument("[site...]", "ids; default: *, which stands for all sites"),
    ),
  )
    .option("--ignore-missing", "skips unknown sites")
    .addOption(
      new Option("--on-failure <what>", "if the command fails, the sites stay closed, or are restored")
        .choices(["stay", "restore"])
        .default("stay"),
    )
    .addOption(
      new Option(
        "--on-opened <what>",
        "if the closure is opened or weakened by others, the command is stopped, or goes on",
      )
        .choices(["stop", "go-on"])
        .default("stop"),
    )
    .option("--take-over", "replaces the hold of another `run`, whose command no longer runs");
  command.action((operands: readonly string[], options: RunOptions) =>
    perform(command, (session) => runCommand(session, operands, options)),
  );
  addExamples(command, [
    ["run shop -- npm run migrate", "close the shop while a migration runs"],
    ["run shop --wait -- psql -f move.sql", "begin when every process has closed and drained"],
    ["run --wait --expect 4 --on-failure restore -- ./deploy.sh", "wait for four processes"],
  ]);
}

interface RunOptions extends ClosureOptions, TypedWait {
  readonly onFailure: "stay" | "restore";
  readonly onOpened: "stop" | "go-on";
  readonly takeOver?: boolean;
}

/** The command was not started. */
const NOT_STARTED = 125;
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;
/** Others have changed the closure. */
const CHANGED = 7;
/** Milliseconds between SIGTERM and SIGKILL. */
const MAX_STOP_MS = 10_000;
const SIGNAL_NUMBERS: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGTERM: 15,
};

async function runCommand(session: Session, operands: readonly string[], options: RunOptions): Promise<Report> {
  const { rest, context } = session;
  const [program, ...args] = rest;
  if (program === undefined) {
    throw new MaintenanceError("ERR_INVALID_COMMAND", "There is no command to run.", {
      hint: `Write it after '--': ${session.program} run shop -- npm run migrate`,
    });
  }
  if (options.until !== undefined || options.for !== undefined) {
    throw new MaintenanceError("ERR_INVALID_OPTION", "--until and --for cannot be used with run.", {
      hint: "The sites stay closed until the command has ended.",
    });
  }
  requireWait(options);
  const sites = operands.slice(0, operands.length - rest.length);
  const ending = new AbortController();
  const forget = context.onSignal((signal) => ending.abort(signal));
  try {
    return await withProject(session, async (project) => {
      const hold = { proves: options.wait === true, takesOver: options.takeOver === true, signal: ending.signal };
      const waited = await waitForProcesses(session, project, toCloseCommand(sites, options, null), options, hold);
      const closed = waited.change?.outcomes.map(({ site }) => site) ?? [];
      if (waited.hold === null) return notStarted(session, waited, closed);
      if (!session.json) context.stderr.write(`${describeResult(waited.result)[0]}\n`);
      const env = { MAINTENANCE_FENCE: waited.result.fence, MAINTENANCE_SITE: closed.join(",") };
      const start = () => context.startProgram(program, args, env);
      return await behindHold(session, options, { hold: waited.hold, sites: closed, start, program });
    });
  } finally {
    forget();
  }
}

function notStarted(session: Session, waited: Parameters<typeof reportOfWait>[0], sites: readonly string[]): Report {
  const report = reportOfWait(waited);
  const { interrupted, closed, restored } = waited.result;
  const stays = closed !== false && !restored ? [stayLine(session, sites)] : [];
  return {
    ...report,
    json: { ...report.json, command: "run", started: false },
    text: ["The command was not started.", report.text, ...stays].join("\n"),
    exitCode: interrupted ? (report.exitCode ?? NOT_STARTED) : NOT_STARTED,
    isForStderr: true,
  };
}

interface Behind {
  readonly hold: Hold;
  readonly sites: readonly string[];
  readonly program: string;
  start(): Promise<Program>;
}

async function behindHold(
  session: Session,
  options: RunOptions,
  { hold, sites, program, start }: Behind,
): Promise<Report> {
  const { context } = session;
  let running: Program | null = null;
  let isOver = false;
  const say = (line: string): void => {
    if (!session.json) context.stderr.write(`${line}\n`);
  };
  hold.keep((reason) => {
    say(describeReason(reason));
    const isOpen = reason.kind === "opened" || reason.kind === "weakened";
    if (!isOpen || options.onOpened === "go-on" || running === null) return;
    say("The command is stopped.");
    const stopped = running;
    stopped.kill("SIGTERM");
    context.clock.setTimer(() => !isOver && stopped.kill("SIGKILL"), MAX_STOP_MS);
  });
  const forget = context.onSignal((signal) => running?.kill(signal));
  let code: number;
  try {
    running = await start();
    const ended = await running.ended;
    code = ended.code ?? 128 + (ended.signal === null ? 0 : (SIGNAL_NUMBERS[ended.signal] ?? 0));
  } catch (error) {
    code = error instanceof Error && "code" in error && error.code === "ENOENT" ? NOT_FOUND : NOT_EXECUTABLE;
    say(code === NOT_FOUND ? `${program}: command not found` : `${program}: cannot be executed`);
  } finally {
    isOver = true;
    forget();
  }
  // A command that was not started has done nothing.
  const restores = code === 0 || running === null || options.onFailure === "restore";
  return report(session, {
    code,
    started: running !== null,
    restores,
    sites,
    end: await keepAlive(hold.end(restores)),
  });
}

interface Ended {
  readonly code: number;
  readonly started: boolean;
  readonly restores: boolean;
  readonly sites: readonly string[];
  readonly end: HoldEnd;
}

function report(session: Session, { code, started, restores, sites, end }: Ended): Report {
  const { reasons, restored, switched } = end;
  const isChanged = (reason: WaitReason): boolean => reason.kind !== "store";
  const exitCode = reasons.some(isChanged) ? CHANGED : code;
  const names = formatList(sites.map(siteName));
  const lines = [
    ...(started ? [`The command has ended with ${code}.`] : []),
    ...(restored ? [`Restored as found: ${names}.`] : []),
    ...switched.map((site) => `${siteName(site)} was switched by another command meanwhile, and stays as it is.`),
    ...(reasons.length > 0 ? ["Nothing was restored:", ...reasons.map((reason) => `  ${describeReason(reason)}`)] : []),
    ...(restored || (restores && reasons.length > 0) ? [] : [stayLine(session, sites)]),
  ];
  return {
    json: { event: "result", command: "run", started, code, restored, switched, reasons, sites },
    text: lines.join("\n"),
    exitCode,
    isLast: true,
    isForStderr: true,
  };
}

function stayLine({ program }: Session, sites: readonly string[]): string {
  return `${formatList(sites.map(siteName))} may still be closed. To open: ${undoLine(program, sites)}`;
}
