import { keepAlive } from "../../clock.ts";
import { closeAndWait, type WaitedRun } from "../../control/barrier/close-and-wait.ts";
import { normalizeWait } from "../../control/barrier/wait-options.ts";
import type { WaitProgress } from "../../control/barrier/wait-result.ts";
import type { CloseCommand } from "../../control/command.ts";
import { MaintenanceError } from "../../errors.ts";
import { type TypedWait, toWaitOptions } from "../input/wait-options.ts";
import { describeResult, progressLines } from "../output/describe-wait.ts";
import { liveBlock } from "../output/live-block.ts";
import type { Report, Session } from "../session.ts";
import type { Project } from "./project.ts";

/** A wait as it ended. */
export interface Waited extends WaitedRun {
  /** The signal that interrupted it. */
  readonly signal: string | null;
}

export interface Holding {
  readonly proves: boolean;
  readonly takesOver: boolean;
  /** Aborts with the name of the signal that ends the command. */
  readonly signal: AbortSignal;
}

const SIGNAL_CODES: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 };

/** Closes the sites behind a barrier, and shows what it waits for. */
export async function waitForProcesses(
  session: Session,
  { local, options }: Project,
  command: CloseCommand,
  typed: TypedWait,
  hold?: Holding,
): Promise<Waited> {
  const label = hold === undefined ? "on" : "run";
  if (local === null) {
    throw new MaintenanceError("ERR_NO_BARRIER", "The processes cannot be waited for through an admin.", {
      hint: "Run it where the store can be reached, without --url and MAINTENANCE_URL.",
    });
  }
  const { context, json } = session;
  const ending = new AbortController();
  let signal: string | null = null;
  const interrupt = (name: string): void => {
    signal = name;
    ending.abort();
  };
  if (hold === undefined) void context.stopped().then(interrupt);
  else if (hold.signal.aborted) interrupt(String(hold.signal.reason));
  else hold.signal.addEventListener("abort", () => interrupt(String(hold.signal.reason)), { once: true });
  const block = liveBlock(context.stderr);
  const show = (progress: WaitProgress): void => {
    if (json)
      (hold === undefined ? context.stdout : context.stderr).write(
        `${JSON.stringify({ event: "progress", ...progress })}\n`,
      );
    else block.show(progressLines(progress));
  };
  const wait = normalizeWait({ ...toWaitOptions(typed), signal: ending.signal, onProgress: show }, `${label} --wait`);
  try {
    const closing = { controller: local, options, command, by: context.by, wait, label };
    const run = await keepAlive(closeAndWait({ ...closing, ...(hold && { hold }) }));
    return { ...run, signal };
  } finally {
    block.clear();
  }
}

/** Returns the report on a wait: its exit code says what was proved. */
export function reportOfWait({ result, signal }: Waited): Report {
  return {
    json: { event: "result", wait: result },
    text: describeResult(result).join("\n"),
    exitCode: result.interrupted ? (SIGNAL_CODES[signal ?? ""] ?? 130) : result.exit,
    isLast: true,
  };
}
