/**
 * Every error of this package is a `MaintenanceError` with one of these codes. Codes are stable: programs can switch on them. The text is
 * the hint for errors that are thrown without one. Each code has a section in docs/errors.md, which a test checks.
 */
export const ERROR_HINTS = {
  ERR_INVALID_OPTION: "Compare the option with docs/configuration.md of this package.",
  ERR_CONFIG_FILE: "Fix the configuration file, or name another with --config.",
  ERR_INVALID_COMMAND: "Compare the command with docs/concepts.md of this package, or run the CLI with --help.",
  ERR_INVALID_SITE_ID: "Use lower-case letters, digits, '.', '_' and '-', starting with a letter or digit; or '*'.",
  ERR_INVALID_HOST: "Write a host name such as 'shop.example' or '*.shop.example', without scheme, port or path.",
  ERR_INVALID_ADDRESS: "Write an address such as '10.0.0.42' or '2001:db8::1', or a range such as '10.0.0.0/8'.",
  ERR_INVALID_PATTERN: "Write '/path', '/below/*', '/users/:id' or 're:^/regular/expression$'.",
  ERR_INVALID_TIME: "Write a time such as '22:00', '2h', 'tomorrow 03:00 Europe/Berlin' or '2026-12-01T06:00:00Z'.",
  ERR_INVALID_STATUS: "Use a whole number from 400 to 599; 503 is the honest one.",
  ERR_INVALID_HEADER: "Remove line breaks and control characters from the value.",
  ERR_UNKNOWN_SITE:
    "Name it in the configuration's `sites`, or add it with: npx maintenance-mode sites add ID --host HOST.",
  ERR_SITE_CONFIGURED: "Remove it from the configuration's `sites` first.",
  ERR_CONFLICT: "Read the record again, and apply your change to its current version.",
  ERR_OVERRIDDEN: "Remove the override first; while it is set, no switch has any effect.",
  ERR_NO_BARRIER:
    "Leave --wait out, and look at `npx maintenance-mode status`; or keep the state in a store with a list: file, SQLite, PostgreSQL, MySQL, Redis, NATS or object storage.",
  ERR_HELD: "Wait until it ends; `npx maintenance-mode status` shows who holds the site.",
  ERR_STORE_UNAVAILABLE:
    "Check that the store can be reached and written; `npx maintenance-mode doctor` says what is wrong.",
  ERR_NO_STATE: "The first switch creates it.",
  ERR_DRIVER_MISSING: "Install the package that the message names.",
  ERR_NOT_MIGRATED: "Run: npx maintenance-mode migrate (or look first: npx maintenance-mode migrate --print).",
  ERR_STATE_UNREADABLE:
    "Fix the stored state, or move it away and close the sites again; `npx maintenance-mode doctor` shows where it is.",
  ERR_STATE_TOO_NEW: "Update maintenance-mode here: a newer release has written this state.",
  ERR_LOCK_TIMEOUT: "Another process has held the lock of the state file for too long; find out which, and try again.",
  ERR_UNAUTHENTICATED: "Sign in, or send a token: Authorization: Bearer TOKEN.",
  ERR_FORBIDDEN: "Ask the operator of the admin for this right on this site.",
  ERR_NOT_FOUND: "Compare the address with the API's description, openapi.json.",
  ERR_METHOD_NOT_ALLOWED: "Use a method that the response's `Allow` header names.",
  ERR_INVALID_REQUEST: "Compare the request with the API's description, openapi.json.",
  ERR_TOO_MANY_REQUESTS: "Wait for the seconds in Retry-After, then try again.",
  ERR_UNEXPECTED: "The log of the server that answered has the details; report the error if it occurs again.",
  ERR_NODE_TOO_OLD: "Install a newer Node.js, 24 for example, and start the program with it.",
  ERR_ALREADY_CLOSED: "Create a new one: this controller or store is closed.",
} as const;

export type ErrorCode = keyof typeof ERROR_HINTS;

/** The optional parts of a `MaintenanceError`. */
export interface MaintenanceErrorOptions {
  /**
   * The fix.
   * @default the hint of the code
   */
  readonly hint?: string;
  /** The error that caused this one. */
  readonly cause?: unknown;
}

/** The only class of error that this package throws. `message` names the thing and the value, `hint` the fix. */
export class MaintenanceError extends Error {
  override readonly name = "MaintenanceError";
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, options: MaintenanceErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? ERROR_HINTS[code];
  }
}

/**
 * Returns whether a caught value is a `MaintenanceError`, and, if `code` is given, has that code.
 * @example if (isMaintenanceError(error, "ERR_CONFLICT")) await retry();
 */
export function isMaintenanceError(value: unknown, code?: ErrorCode): value is MaintenanceError {
  return value instanceof MaintenanceError && (code === undefined || value.code === code);
}

/** Returns the message of a thrown value, without a full stop that would end the caller's sentence. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Returns the kind of an unexpected value, for a message: `a function`, `an object`, `a list`, `null`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "a list";
  if (value instanceof Promise) return "a promise";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
