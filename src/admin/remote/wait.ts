import type { WaitOptions } from "../../control/barrier/wait-options.ts";
import type { WaitedClosure, WaitProgress, WaitResult } from "../../control/barrier/wait-result.ts";
import type { CloseCommand } from "../../control/command.ts";
import { messageOf } from "../../errors.ts";
import { loadLinearRegExp } from "../../rules/linear-regexp.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import { readWaitLine, type WaitLine } from "../schema/wait.ts";
import type { AdminClient } from "./admin-client.ts";
import { resultOf } from "./controller.ts";
import { notUnderstood, refusalIn } from "./refused-answer.ts";

/**
 * Closes sites and waits in the process of the server, which ends the wait when this connection ends. Resolves with the exit 6 if that
 * happens before the result has arrived. Throws the refusals of the server.
 */
export async function waitRemotely(
  client: AdminClient,
  { type: _type, sites = [ALL_SITES], ...settings }: CloseCommand,
  { signal, onProgress, ...wait }: WaitOptions,
): Promise<WaitedClosure> {
  await loadLinearRegExp();
  const seen: { progress: WaitProgress | null; end: WaitEnd | null; fault: unknown } = {
    ...{ progress: null, end: null, fault: null },
  };

  function take(text: string): void {
    try {
      const line = readWaitLine(text);
      if (line?.event === "error" || line?.event === "result") seen.end = line;
      if (line?.event !== "progress") return;
      const { event: _event, ...progress } = line;
      seen.progress = progress;
      onProgress?.(progress);
    } catch (cause) {
      seen.fault ??= notUnderstood(client.url, cause);
    }
  }

  const lost = await client.postForLines("close-and-wait", { sites, ...settings, wait }, take, signal);
  const { end, progress } = seen;
  if (end?.event === "result") return { ...end.wait, change: end.change && resultOf(end.change) };
  if (end?.event === "error") throw refusalIn(end.problem) ?? notUnderstood(client.url, end.problem);
  return { ...unknown(progress, lost ?? seen.fault, signal?.aborted === true), change: null };
}

type WaitEnd = Extract<WaitLine, { event: "result" | "error" }>;

/** Returns the result of a wait whose answer ended too early. Nothing is claimed of the sites. */
function unknown(last: WaitProgress | null, lost: unknown, interrupted: boolean): WaitResult {
  const message = messageOf(lost ?? "The answer has ended before the result.");
  return {
    ...{ exit: 6, closed: "unknown", restored: false, interrupted, assumed: false },
    reasons: [interrupted ? { kind: "interrupted" } : { kind: "connection", message }],
    processes: last?.processes ?? [],
    ...{ waysIn: [], exempted: 0, kept: [], remarks: [], fence: "", elapsed: last?.elapsed ?? 0 },
  };
}
