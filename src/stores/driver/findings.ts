import { type Finding, okFinding, warnFinding } from "../../finding.ts";

/** Milliseconds. */
const SLOW_MS = 100;
const MAX_SKEW_MS = 5_000;
const NTP = "Synchronise the clocks of your servers with NTP.";

/** Reports that `server` took `milliseconds` to answer. */
export function latencyFinding(milliseconds: number, server: string): Finding {
  if (milliseconds <= SLOW_MS) return okFinding("latency", `${milliseconds} ms`);
  const hint = `Put ${server} nearer to the application, or see what keeps it busy.`;
  return warnFinding("latency", `it took ${milliseconds} ms to answer`, hint);
}

/** Compares the clock of the server, in epoch milliseconds, with the clock of this machine. `tolerance` is in milliseconds. */
export function clockFinding(there: number, tolerance: number = MAX_SKEW_MS, hint: string = NTP): Finding {
  const ahead = there - Date.now();
  if (!(Math.abs(ahead) > tolerance)) return okFinding("clock of the server", "as here");
  const seconds = Math.round(Math.abs(ahead) / 1_000);
  return warnFinding("clock of the server", `${seconds} s ${ahead > 0 ? "ahead of" : "behind"} this machine's`, hint);
}
