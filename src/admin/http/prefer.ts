import type { HeaderPair } from "./problem.ts";

/** Returns the seconds of `Prefer: wait=3` (RFC 7240), as milliseconds up to `most`; 0 without it. */
export function preferredWait({ headers }: Request, most: number): number {
  const [, seconds] = /(?:^|,)\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec(headers.get("prefer") ?? "") ?? [];
  return seconds === undefined ? 0 : Math.min(Number(seconds) * 1_000, most);
}

/** Says which wait was applied, in whole seconds. */
export function preferenceApplied(wait: number): readonly HeaderPair[] {
  return wait === 0 ? [] : [["Preference-Applied", `wait=${wait / 1_000}`]];
}
