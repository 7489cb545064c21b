import type { WaitOptions } from "../../control/barrier/wait-options.ts";
import type { CloseCommand } from "../../control/command.ts";
import { isMaintenanceError } from "../../errors.ts";
import type { AdminRequest } from "../access/access.ts";
import type { AdminContext, Call } from "../admin-context.ts";
import { logRefusal } from "../admin-log.ts";
import { lineStream } from "../http/line-stream.ts";
import { problemOf, toRefusal } from "../http/problem.ts";
import { COMMON_HEADERS, headersFrom } from "../http/security-headers.ts";
import { closeAndWaitBody } from "../schema/requests.ts";
import { type WaitLine, waitLineSchema } from "../schema/wait.ts";
import { visibleCommandResult } from "../views/visible-record.ts";
import { visibleProgress, visibleResult } from "../views/visible-wait.ts";
import { withVisibleHolds } from "./holds.ts";
import { defineRoute, type Route } from "./route.ts";
import { nameUnknown, sitesOf } from "./switching.ts";

/** Milliseconds after which the answer begins at the latest. What is refused before has a status of its own. */
const MAX_START_MS = 2_000;
/** Milliseconds between two checks of whether the caller is still accepted. */
const IDENTIFY_MS = 20_000;

type Closing = Omit<CloseCommand, "type"> & { readonly sites: readonly string[] };

/** Runs a wait in this process, as long as the client stays connected. Throws what is refused before anything was written. */
async function answerWithWait(call: Call<unknown, unknown>, closing: Closing, wait: WaitOptions): Promise<Response> {
  const { admin, asked, principal } = call;
  const { clock } = admin.gate.options;
  const { signal } = asked.request;
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const leave = admin.waits.begin(principal, end);
  const lines = lineStream(clock, end);
  const stopChecks = endIfRefused(admin, asked, end);
  if (signal.aborted) end();
  signal.addEventListener("abort", end);
  let begin = (): void => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const cancelStart = clock.setTimer(begin, MAX_START_MS);

  const run = closeAndWait(call, closing, {
    ...wait,
    signal: ending.signal,
    onProgress(progress) {
      lines.offer({ event: "progress", ...visibleProgress(principal, progress) });
      // Until then, the barrier may still be refused.
      if (progress.phase !== "settling") begin();
    },
  }).finally(() => {
    leave();
    stopChecks();
    cancelStart();
    signal.removeEventListener("abort", end);
  });
  try {
    await Promise.race([begun, run]);
  } catch (refused) {
    await lines.body.cancel();
    throw refused;
  }
  void run.then(lines.end, (thrown: unknown) => {
    const refusal = toRefusal(withVisibleHolds(principal, thrown));
    logRefusal(admin.log, principal, asked, refusal);
    lines.end({ event: "error", problem: problemOf(refusal) });
  });
  const own = [["Content-Type", "application/x-ndjson"] as const, ["X-Accel-Buffering", "no"] as const];
  return new Response(lines.body, { headers: headersFrom(COMMON_HEADERS, own) });
}

async function closeAndWait(
  { admin: { controller, gate }, principal, by, authority }: Call<unknown, unknown>,
  { sites, ...settings }: Closing,
  wait: WaitOptions,
): Promise<WaitLine> {
  try {
    const { change, ...result } = await controller.close(sites, { ...settings, by, wait }, authority);
    await gate.refresh();
    const visible = change && visibleCommandResult(principal, change);
    return { event: "result", wait: visibleResult(principal, result), change: visible };
  } catch (error) {
    throw isMaintenanceError(error, "ERR_UNKNOWN_SITE") ? await nameUnknown(gate, sites, error) : error;
  }
}

/** Calls `end` when the caller has lost its token, session or account. Returns a function that stops the checks. */
function endIfRefused({ access, gate }: AdminContext, asked: AdminRequest, end: () => void): () => void {
  let isOver = false;
  let cancel = (): void => {};
  const check = async (): Promise<void> => {
    const identified = await access.identify(asked);
    if (isOver) return;
    if (identified.outcome === "refused" && (identified.status === 401 || identified.status === 403)) end();
    else set();
  };
  const set = (): void => {
    cancel = gate.options.clock.setTimer(() => void check(), IDENTIFY_MS);
  };
  set();
  return () => {
    isOver = true;
    cancel();
  };
}

export const CLOSE_AND_WAIT_ROUTE: Route = defineRoute({
  method: "POST",
  path: "close-and-wait",
  operation: "closeAndWait",
  summary:
    "Closes sites as `POST close` does, and waits until every process on the list has closed them and its requests have ended. The answer is lines of JSON, at least one every three seconds; the last one has the result. The wait ends when the client disconnects; the sites stay closed.",
  right: "switch",
  sitesIn: sitesOf,
  body: closeAndWaitBody,
  answer: { status: 200, type: "application/x-ndjson", schema: waitLineSchema },
  problems: [409, 503],
  async handle(call) {
    const { wait, ...command } = call.body;
    return { response: await answerWithWait(call, command, wait) };
  },
});
