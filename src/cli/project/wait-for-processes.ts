import type { AdminClient } from "../../admin/remote/admin-client.ts";
import { keepAlive } from "../../clock.ts";
import { closeAndWait, type WaitedRun } from "../../control/barrier/close-and-wait.ts";
import { normalizeWait, type WaitOptions } from "../../control/barrier/wait-options.ts";
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
  { local, admin, options }: Project,
  command: CloseCommand,
  typed: TypedWait,
  hold?: Holding,
): Promise<Waited> {
  const label = hold === undefined ? "on" : "run";
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
  const given = { ...toWaitOptions(typed), signal: ending.signal, onProgress: show };
  const wait = normalizeWait(given, `${label} --wait`);
  try {
    if (local === null) return { ...(await waitThrough(admin, command, given)), hold: null, signal };
    const closing = { controller: local, options, command, by: context.by, wait, label };
    const run = await keepAlive(closeAndWait({ ...closing, ...(hold && { hold }) }));
    return { ...run, signal };
  } finally {
    block.clear();
  }
}

async function waitThrough(
  admin: AdminClient | null,
  command: CloseCommand,
  wait: WaitOptions,
): Promise<Pick<WaitedRun, "result" | "change">> {
  if (admin === null) throw new MaintenanceError("ERR_NO_BARRIER", "There is neither a store nor an admin.");
  const { change, ...result } = await (await import("../../admin/remote/wait.ts")).waitRemotely(admin, command, wait);
  return { result, change };
}

/** Returns the report on a wait: its exit code says what was proved. */
export function reportOfWait({ result, signal }: Waited): Report {
  return {
    json: { event: "result", wait: result },
    text: describeResult(result).join("\n"),
    exitCode: result.interrupted && signal !== null ? (SIGNAL_CODES[signal] ?? 130) : result.exit,
    isLast: true,
  };
}
