import { closestMatch } from "leven";

/** Edits that a word may be away from a known one, also when it is long. */
const MAX_DISTANCE = 4;

/**
 * The one of `known` that was probably meant by `word`: a third of its letters may be wrong, missing or added, or it has the same letters
 * in another order. Upper and lower case count as the same. `undefined` when none is that near.
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
