import { maskOf } from "./range.ts";

/** The ranges to compile, one array per member: 100,000 small objects would cost more than the sorting. */
export interface IPv4RangeList {
  readonly starts: readonly number[];
  readonly prefixes: readonly number[];
  /** The results of `find`: whole numbers from 0 to `MAX_RULES - 1`, ascending. */
  readonly rules: readonly number[];
}

/** The largest number of rules that fits, with a start address, into the 53 bits of a number that sorts without a comparator. */
export const MAX_RULES: number = 2 ** 21;

/**
 * Returns a function that finds the range of an address and returns its rule, or -1. Ranges are nested or disjoint; nested ones are
 * dropped and the rest is sorted. Uses 8 bytes per range, and at most 2 more for an index by the first bits, which shortens the search.
 */
export function compileIPv4Ranges(list: IPv4RangeList): (address: number) => number {
  const ranges = outermost(list);
  const indexBits = Math.min(16, Math.max(1, Math.floor(Math.log2(Math.max(1, ranges.length / 2))) - 1));
  const shift = 32 - indexBits;
  const index = firstOfEach(ranges, indexBits);

  return (address) => {
    const bucket = address >>> shift;
    let low = index[bucket] ?? 0;
    let high = index[bucket + 1] ?? 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ranges[2 * middle] ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    // The last range that starts at or before the address may start in an earlier bucket.
    if (low === 0) return -1;
    const packed = ranges[2 * low - 1] ?? 0;
    return ((address ^ (ranges[2 * low - 2] ?? 0)) & maskOf(packed & 63)) === 0 ? packed >>> 6 : -1;
  };
}

/** Pairs of a start address, and of a rule with its prefix length: values read together are stored together. */
function outermost(list: IPv4RangeList): Uint32Array {
  // Numbers sort ten times faster without a comparator.
  const order = new Float64Array(list.starts.length);
  for (let i = 0; i < order.length; i++) order[i] = (list.starts[i] ?? 0) * MAX_RULES + i;
  order.sort();

  const ranges = new Uint32Array(2 * order.length);
  let count = 0;
  for (const key of order) {
    const i = key % MAX_RULES;
    const start = list.starts[i] ?? 0;
    const prefix = list.prefixes[i] ?? 0;
    const lastStart = ranges[2 * count - 2] ?? 0;
    const lastPrefix = (ranges[2 * count - 1] ?? 0) & 63;
    const nested = count > 0 && ((start ^ lastStart) & maskOf(lastPrefix)) === 0;
    if (nested && !(start === lastStart && prefix < lastPrefix)) continue;
    if (!nested || start !== lastStart) count++;
    ranges[2 * count - 2] = start;
    ranges[2 * count - 1] = ((list.rules[i] ?? 0) << 6) | prefix;
  }
  return ranges.slice(0, 2 * count);
}

/** Returns for each value of the first bits the index of the first start address with that value or a greater one; the last element is the count. */
function firstOfEach(ranges: Uint32Array, bits: number): Uint32Array {
  const index = new Uint32Array(2 ** bits + 1);
  let position = 0;
  for (let bucket = 0; bucket < index.length; bucket++) {
    while (2 * position < ranges.length && (ranges[2 * position] ?? 0) >>> (32 - bits) < bucket) position++;
    index[bucket] = position;
  }
  return index;
}
