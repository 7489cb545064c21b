import { MaintenanceError } from "../errors.ts";

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };
const DURATION = /^(?:\d{1,9} ?[smhdw] ?)+$/i;
/** 366 days. */
const MAX_DURATION_MS = 366 * 86_400_000;

/** Whether `text` is written as a duration: `2h`, `1h30m`, `2 d`. */
export function isDuration(text: string): boolean {
  return DURATION.test(text.trim());
}

/**
 * Parses a duration and returns milliseconds: a number before each of `w d h m s`, a day being 24 hours. Throws `ERR_INVALID_TIME` for
 * anything else, for zero and for more than a year.
 */
export function parseDuration(text: string): number {
  if (!isDuration(text)) {
    const likely = likelyDuration(text);
    throw invalid(`'${text}' is not a duration.`, likely === null ? undefined : `Did you mean '${likely}'?`);
  }
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(/(\d+) ?([smhdw])/gi)) {
    seconds += Number(count) * (SECONDS[(unit ?? "").toLowerCase()] ?? 0);
  }
  if (seconds === 0) throw invalid(`'${text}' is zero.`);
  if (seconds * 1_000 > MAX_DURATION_MS) throw invalid(`'${text}' is more than a year.`);
  return seconds * 1_000;
}

const UNIT_WORDS = /^(\d{1,9})\s*(sec(?:ond)?s?|min(?:ute)?s?|h(?:ou)?rs?|days?|weeks?)$/i;

/** Returns the duration that was probably meant, `2h` for `2hours` or `2 hrs`; `null` when none is known. */
export function likelyDuration(text: string): string | null {
  const [, count, unit = ""] = UNIT_WORDS.exec(text.trim()) ?? [];
  return count === undefined ? null : `${count}${unit.slice(0, 1).toLowerCase()}`;
}

function invalid(
  message: string,
  hint = "Write '90s', '30m', '2h', '1h30m', '2d' or '1w', up to a year.",
): MaintenanceError {
  return new MaintenanceError("ERR_INVALID_TIME", message, { hint });
}
