const DEFAULT_SECONDS = 3_600;
const LARGEST_SPREAD = 0.1;

/** Seconds that a client should wait; `null` sends none. */
export type RetryAfter = (now: number) => number | null;

/**
 * `Retry-After` (RFC 9110 section 10.2.3) for one closure: the number that was set, as it stands; else the seconds to the
 * known end, with up to a tenth more so that not all return in the same second; else an hour.
 */
export function retryAfter(set: number | null, until: number | null, random: () => number): RetryAfter {
  if (set === 0) return () => null;
  if (set !== null) return () => set;
  if (until === null) return () => DEFAULT_SECONDS;
  return (now) => {
    const seconds = Math.max(1, Math.ceil((until - now) / 1000));
    return seconds + Math.floor(seconds * LARGEST_SPREAD * random());
  };
}
