import { closestMatch } from "leven";

/** Maximum number of edits between a word and a known one, also for long words. */
const MAX_DISTANCE = 4;

/**
 * Returns the one of `known` that was probably meant by `word`: up to a third of its letters may be wrong, missing or added, or it has the
 * same letters in another order. Ignores case. Returns `undefined` if none is that near.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  const words = new Map([...known].map((one) => [one.toLowerCase(), one]));
  const maxDistance = Math.min(MAX_DISTANCE, Math.max(1, Math.round(word.length / 3)));
  const found = closestMatch(lower, [...words.keys()], { maxDistance });
  if (found !== undefined) return words.get(found);
  const letters = sorted(lower);
  for (const [one, original] of words) {
    if (one.length === lower.length && sorted(one) === letters) return original;
  }
  return undefined;
}

function sorted(text: string): string {
  return [...text].sort().join("");
}
