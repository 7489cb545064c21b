const MAX_ENTRIES = 256;
const MAX_KEY_LENGTH = 512;

/**
 * Remembers what a pure function of a header's value gave. Bounded, since clients choose the values: when full it starts afresh, and
 * long values are not kept.
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
