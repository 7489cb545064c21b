import * as v from "valibot";
import type { LogOptions } from "../driver/options.ts";

/** What a user may choose of every database, as the options of its store. */
export interface SqlOptions extends LogOptions {
  /** What the names of all tables begin with. Default: `maintenance_`. */
  readonly tablePrefix?: string | undefined;
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
