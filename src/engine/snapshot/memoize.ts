const MAX_ENTRIES = 256;
const MAX_KEY_LENGTH = 512;

/**
 * Caches a pure function of a header's value. Bounded, since clients choose the values: the cache is cleared when it is full, and long
 * values are not cached.
 */
export function memoize<Result>(compute: (value: string) => Result): (value: string) => Result {
  const known = new Map<string, Result>();
  return (value) => {
    const remembered = known.get(value);
    if (remembered !== undefined) return remembered;
    const result = compute(value);
    if (known.size >= MAX_ENTRIES) known.clear();
    if (value.length <= MAX_KEY_LENGTH) known.set(value, result);
    return result;
  };
}
