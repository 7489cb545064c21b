/** How closed a site is, from the mildest to the most severe. `paused` is reserved: nothing sets it yet. */
export const MODES = ["open", "read-only", "paused", "closed"] as const;

export type Mode = (typeof MODES)[number];

const SEVERITY: Readonly<Record<Mode, number>> = { open: 0, "read-only": 1, paused: 2, closed: 3 };

export function isMode(value: unknown): value is Mode {
  return typeof value === "string" && Object.hasOwn(SEVERITY, value);
}

/** Returns a number above 0 if `a` is more severe than `b`, below 0 if it is milder, else 0. */
export function compareModes(a: Mode, b: Mode): number {
  return SEVERITY[a] - SEVERITY[b];
}
