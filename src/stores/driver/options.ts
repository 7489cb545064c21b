import * as v from "valibot";
import { MaintenanceError } from "../../errors.ts";

/** The options that several stores have in common, with their defaults. */

/** The option of every store that waits for a server. */
export interface TimeoutOption {
  /**
   * Milliseconds to wait for an answer before the call rejects with `ERR_STORE_UNAVAILABLE`: 10 to 600,000.
   * @default 5_000
   */
  readonly timeout?: number | undefined;
}

/** The options of stores that keep a log of changes. */
export interface LogOptions extends TimeoutOption {
  /**
   * The number of changes to keep at least: 1 to 1,000,000.
   * @default 10_000
   */
  readonly keepChanges?: number | undefined;
}

/** The options of stores that keep the state under one key. */
export interface KeyOptions extends TimeoutOption {
  /**
   * The key that holds the state.
   * @default "maintenance.json"
   */
  readonly key?: string | undefined;
}

type Defaulted<T> = v.GenericSchema<T | undefined, T>;
type Connection = Readonly<Record<string, unknown>>;

export const timeoutOption: Defaulted<number> = v.optional(wholeNumber(10, 600_000), 5_000);

interface LogEntries {
  readonly keepChanges: Defaulted<number>;
  readonly timeout: Defaulted<number>;
}

/** Schema entries of a store that keeps a log of changes: `LogOptions`. */
export const logEntries: LogEntries = {
  keepChanges: v.optional(wholeNumber(1, 1_000_000), 10_000),
  timeout: timeoutOption,
};

interface ServerEntries extends LogEntries {
  readonly connection: Defaulted<Connection>;
}

/** Schema entries of such a store on a server. `connection` is passed to the driver unchanged. */
export const serverEntries: ServerEntries = {
  connection: v.optional(v.record(v.string(), v.unknown()), {}),
  ...logEntries,
};

/** The key of a store that holds the whole state under one key. */
export const keyOption: v.GenericSchema<string | undefined, string> = v.optional(
  v.pipe(v.string(), v.nonEmpty("expected a key")),
  "maintenance.json",
);

export const pathOption: v.GenericSchema<string | undefined> = v.optional(
  v.pipe(v.string(), v.regex(/^[^\0]+$/, "expected the path of a file")),
);

/** A client, pool or database that the user has opened: any object with the method `method`. */
export function ownOption<T extends object>(method: keyof T, wanted: string): v.GenericSchema<T | undefined> {
  return v.optional(v.custom<T>((value) => typeof Object(value)[method] === "function", wanted));
}

/** A number of milliseconds, with or without decimals. */
export function milliseconds(from: number, to: number, byDefault: number): Defaulted<number> {
  const wanted = `expected ${from} to ${to.toLocaleString("en")} milliseconds`;
  return v.optional(
    v.pipe(
      v.number(wanted),
      v.check((value) => value >= from && value <= to, wanted),
    ),
    byDefault,
  );
}

/** Returns an `ERR_INVALID_OPTION` for a fault that a schema cannot describe, such as options that exclude each other. */
export function optionError(message: string, hint: string): MaintenanceError {
  return new MaintenanceError("ERR_INVALID_OPTION", message, { hint });
}

function wholeNumber(from: number, to: number): v.GenericSchema<number> {
  const wanted = `expected a whole number from ${from} to ${to}`;
  return v.pipe(
    v.number(),
    v.check((value) => Number.isInteger(value) && value >= from && value <= to, wanted),
  );
}
