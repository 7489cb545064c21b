import type { AllowReason, BlockReason } from "../engine/decide/decision.ts";

/** Numbers of requests that a gate has decided on since it was created, by site and reason. Plain data; the counts only grow. */
export interface GateCounters {
  /** Requests that the gate answered itself. */
  readonly blocked: readonly Count<BlockReason>[];
  /** Requests that passed although the site is closed, including those that opened a bypass link. */
  readonly bypassed: readonly Count<AllowReason>[];
}

export interface Count<Reason extends string> {
  /** The site whose mode was in effect, which may be `*`. */
  readonly site: string;
  readonly reason: Reason;
  readonly count: number;
}

export interface Tally<Reason extends string> {
  add(site: string, reason: Reason): void;
  /** Counts of the sites for which `isKnown` returns true. */
  counts(isKnown: (site: string) => boolean): readonly Count<Reason>[];
}

export function createTally<Reason extends string>(): Tally<Reason> {
  // A short list: a request is counted without another table to look up.
  const sites = new Map<string, { readonly reason: Reason; count: number }[]>();
  return {
    add(site, reason) {
      const counts = sites.get(site) ?? [];
      if (counts.length === 0) sites.set(site, counts);
      let index = 0;
      while (index < counts.length && counts[index]?.reason !== reason) index += 1;
      const known = counts[index];
      if (known === undefined) counts.push({ reason, count: 1 });
      else known.count += 1;
    },
    counts: (isKnown) =>
      [...sites].filter(([site]) => isKnown(site)).flatMap(([site, counts]) => counts.map((one) => ({ site, ...one }))),
  };
}
