/** What times are read and told against. */
export interface TimeReference {
  /** Epoch milliseconds. */
  readonly now: number;
  /** The local zone, by its IANA name: `Europe/Berlin`. */
  readonly timeZone: string;
}
