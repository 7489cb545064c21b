import { closestMatch } from "leven";

/** Maximum number of edits between a word and a known one, also for long words. */
const MAX_DISTANCE = 4;

/**
 * Returns the one of `known` that was probably meant by `word`: up to a third of its letters may be wrong, missing or added, or it has the
 * same letters in another order. Ignores case. Returns `undefined` if none is that near: of two letters none may be wrong.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  const words = new Map([...known].map((one) => [one.toLowerCase(), one]));
  if (words.has(lower)) return words.get(lower);
  const letters = sorted(lower);
  for (const [one, original] of words) {
    if (one.length === lower.length && sorted(one) === letters) return original;
  }
  const maxDistance = Math.min(MAX_DISTANCE, Math.max(1, Math.round(word.length / 3)));
  const long = [...words.keys()].filter((one) => Math.max(one.length, lower.length) > 2);
  const found = closestMatch(lower, long, { maxDistance });
  return found && words.get(found);
}

function sorted(text: string): string {
  return [...text].sort().join("");
}
