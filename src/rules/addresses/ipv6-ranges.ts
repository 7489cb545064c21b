import type { IPv6Words } from "./address.ts";
import { type IPv6Range, maskOf } from "./range.ts";

export interface NumberedIPv6Range {
  readonly range: IPv6Range;
  /** The result of `find`: 0 to 2^24 - 1, ascending. */
  readonly rule: number;
}

/** Returns a function that finds the range of an address and returns its rule, or -1. As for IPv4, with 20 bytes per range and no index. */
export function compileIPv6Ranges(list: readonly NumberedIPv6Range[]): (address: IPv6Words) => number {
  const kept = outermost(list);
  const starts = new Uint32Array(kept.length * 4);
  const prefixesAndRules = new Uint32Array(kept.length);
  for (const [i, { range, rule }] of kept.entries()) {
    starts.set(range.start, i * 4);
    prefixesAndRules[i] = (rule << 8) | range.prefix;
  }

  return (address) => {
    let low = 0;
    let high = prefixesAndRules.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareAt(starts, middle, address) <= 0) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return -1;
    const packed = prefixesAndRules[low - 1] ?? 0;
    return holds(starts, low - 1, packed & 255, address) ? packed >>> 8 : -1;
  };
}

function outermost(list: readonly NumberedIPv6Range[]): readonly NumberedIPv6Range[] {
  // The sort is stable: of equal ranges the first written comes first.
  const sorted = list.toSorted((a, b) => compareAt(a.range.start, 0, b.range.start) || a.range.prefix - b.range.prefix);
  const kept: NumberedIPv6Range[] = [];
  for (const entry of sorted) {
    const last = kept.at(-1)?.range;
    if (last === undefined || !holds(last.start, 0, last.prefix, entry.range.start)) kept.push(entry);
  }
  return kept;
}

function compareAt(starts: ArrayLike<number>, position: number, address: IPv6Words): number {
  for (let i = 0; i < 4; i++) {
    const difference = (starts[position * 4 + i] ?? 0) - (address[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function holds(starts: ArrayLike<number>, position: number, prefix: number, address: IPv6Words): boolean {
  for (let i = 0; i < 4; i++) {
    const mask = maskOf(prefix - 32 * i);
    if ((((starts[position * 4 + i] ?? 0) ^ (address[i] ?? 0)) & mask) !== 0) return false;
  }
  return true;
}
