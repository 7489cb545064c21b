import { MAX_RETRY_SECONDS } from "../../state/setting.ts";

const DEFAULT_SECONDS = 3_600;
const LARGEST_SPREAD = 0.1;

/** Seconds that a client should wait, at most `MAX_RETRY_SECONDS`; `null` sends none. */
export type RetryAfter = (now: number) => number | null;

/**
 * `Retry-After` (RFC 9110 section 10.2.3) for one closure: the number that was set; else the seconds to the known end, with up to a
 * tenth more so that clients do not all return in the same second; else an hour. Never over a day.
 */
export function retryAfter(set: number | null, until: number | null, random: () => number): RetryAfter {
  if (set === 0) return () => null;
  if (set !== null) return () => Math.min(set, MAX_RETRY_SECONDS);
  if (until === null) return () => DEFAULT_SECONDS;
  return (now) => {
    const seconds = Math.max(1, Math.ceil((until - now) / 1000));
    return Math.min(seconds + Math.floor(seconds * LARGEST_SPREAD * random()), MAX_RETRY_SECONDS);
  };
}
