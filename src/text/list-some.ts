const MOST = 10;

/** `a, b, c`; of many the first, and how many more there are. */
export function listSome(items: readonly string[]): string {
  const first = items.slice(0, MOST).join(", ");
  return items.length <= MOST ? first : `${first} and ${formatCount(items.length - MOST)} more`;
}

/** `99,991`: whoever reads it at night should not have to count digits. */
export function formatCount(count: number): string {
  return count.toLocaleString("en");
}
