import * as v from "valibot";
import { type LogOptions, logEntries } from "../driver/options.ts";

/** The options that all SQL stores have in common. */
export interface SqlOptions extends LogOptions {
  /**
   * Prefix of the names of all tables.
   * @default "maintenance_"
   */
  readonly tablePrefix?: string | undefined;
}

const PART_OF_A_NAME = /^[a-z_][a-z0-9_]{0,29}$/i;
const WANTED = "expected up to 30 letters, digits and '_', and no digit first";

type Entries = typeof logEntries & { readonly tablePrefix: v.GenericSchema<string | undefined, string> };

/** Schema entries of every SQL store: `SqlOptions`. */
export const sqlEntries: Entries = {
  tablePrefix: v.optional(v.pipe(v.string(), v.regex(PART_OF_A_NAME, WANTED)), "maintenance_"),
  ...logEntries,
};
export const schemaOption: v.GenericSchema<string | undefined> = v.optional(
  v.pipe(v.string(), v.regex(PART_OF_A_NAME, WANTED)),
);
