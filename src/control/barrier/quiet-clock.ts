interface Numbered {
  readonly id: string;
  readonly seq: number;
}

/** Measures for how long rows have not changed, by the monotonic clock of this process alone. */
export interface QuietClock {
  see(listing: { readonly rows: readonly Numbered[] }): void;
  /** Milliseconds since a row was first seen with its number; 0 for one that was never seen. */
  of(row: Numbered): number;
  /** Counts from now on. */
  restart(): void;
}

export function quietClock(monotonic: () => number): QuietClock {
  let seen = new Map<string, { readonly seq: number; readonly since: number }>();
  return {
    see({ rows }) {
      // After the answer: a row was renewed before it was listed.
      const now = monotonic();
      const before = seen;
      seen = new Map(
        rows.map(({ id, seq }) => {
          const known = before.get(id);
          return [id, known?.seq === seq ? known : { seq, since: now }];
        }),
      );
    },
    of({ id, seq }) {
      const known = seen.get(id);
      return known?.seq === seq ? monotonic() - known.since : 0;
    },
    restart() {
      seen = new Map();
    },
  };
}
