/** Maximum number of items that are listed. */
const MAX_LISTED = 10;

/** Returns `a`, `a and b` or `a, b and c`. */
export function formatList(items: readonly string[]): string {
  return items.length < 2 ? items.join() : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** Returns `a, b, c`; for more than ten items the first ten, and the number of the others. */
export function listSome(items: readonly string[]): string {
  const first = items.slice(0, MAX_LISTED).join(", ");
  return items.length <= MAX_LISTED ? first : `${first} and ${formatCount(items.length - MAX_LISTED)} more`;
}

/** Returns the number with separators between thousands: `99,991`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en");
}
