import { clientKey } from "../../bypass/guess-limiter.ts";
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../logger.ts";

/** Logs a sample of the refusals, since any client can cause as many as it likes. */
export type RefusalLog = (level: "info" | "warn" | "error", line: string, address: string | undefined) => void;

/** Lines per interval, for one client and for all together. */
const MAX_LINES_PER_CLIENT = 10;
const MAX_LINES = 100;
const INTERVAL_MS = 60_000;

/** Logs the first refusals of each interval, and the number of the others with the first of the next interval. */
export function createRefusalLog(logger: Logger, clock: Pick<Clock, "now">): RefusalLog {
  let since = Number.NEGATIVE_INFINITY;
  let lines = 0;
  let leftOut = 0;
  const byClient = new Map<string, number>();

  return (level, line, address) => {
    if (clock.now() - since >= INTERVAL_MS) {
      if (leftOut > 0) logger.warn(`The admin refused ${leftOut} more requests that were not logged one by one.`);
      since = clock.now();
      lines = 0;
      leftOut = 0;
      byClient.clear();
    }
    const client = clientKey(address);
    const own = byClient.get(client) ?? 0;
    if (own >= MAX_LINES_PER_CLIENT || lines >= MAX_LINES) {
      leftOut += 1;
      return;
    }
    byClient.set(client, own + 1);
    lines += 1;
    logger[level](line);
  };
}
