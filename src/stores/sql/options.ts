import * as v from "valibot";

/** What a user may choose of every database, as the options of its store. */
export interface SqlOptions {
  /** What the names of all tables begin with. Default: `maintenance_`. */
  readonly tablePrefix?: string | undefined;
  /** How many changes are kept, 1 to 1,000,000. Default: 10,000. */
  readonly keepChanges?: number | undefined;
  /** Milliseconds for connecting, and for each query, 10 to 600,000, before `ERR_STORE_UNAVAILABLE`. Default: 5,000. */
  readonly timeout?: number | undefined;
}

const PART_OF_A_NAME = /^[a-z_][a-z0-9_]{0,29}$/i;
const WANTED = "expected up to 30 letters, digits and '_', and no digit first";

export const tablePrefixOption: v.GenericSchema<string | undefined, string> = v.optional(
  v.pipe(v.string(), v.regex(PART_OF_A_NAME, WANTED)),
  "maintenance_",
);
export const schemaOption: v.GenericSchema<string | undefined> = v.optional(
  v.pipe(v.string(), v.regex(PART_OF_A_NAME, WANTED)),
);
