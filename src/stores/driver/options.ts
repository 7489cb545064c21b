import * as v from "valibot";

/** Options that several stores have in common, and their defaults. */

export interface TimeoutOption {
  /** Milliseconds that an answer may take, 10 to 600,000, before `ERR_STORE_UNAVAILABLE`. Default: 5,000. */
  readonly timeout?: number | undefined;
}

export interface LogOptions extends TimeoutOption {
  /** How many changes are kept at least, 1 to 1,000,000. Default: 10,000. */
  readonly keepChanges?: number | undefined;
}

export interface KeyOptions extends TimeoutOption {
  /** Under what the state is kept. Default: `maintenance.json`. */
  readonly key?: string | undefined;
}

export const keepChangesOption: v.GenericSchema<number | undefined, number> = v.optional(
  wholeNumber(1, 1_000_000),
  10_000,
);
export const timeoutOption: v.GenericSchema<number | undefined, number> = v.optional(wholeNumber(10, 600_000), 5_000);
/** Of what holds the whole state under one key. */
export const keyOption: v.GenericSchema<string | undefined, string> = v.optional(
  v.pipe(v.string(), v.nonEmpty("expected a key")),
  "maintenance.json",
);
/** Passed on to the driver as it is. */
export const connectionOption: v.GenericSchema<
  Readonly<Record<string, unknown>> | undefined,
  Readonly<Record<string, unknown>>
> = v.optional(v.record(v.string(), v.unknown()), {});

function wholeNumber(from: number, to: number): v.GenericSchema<number> {
  const wanted = `expected a whole number from ${from} to ${to}`;
  return v.pipe(
    v.number(),
    v.check((value) => Number.isInteger(value) && value >= from && value <= to, wanted),
  );
}
