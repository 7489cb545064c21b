import { MaintenanceError } from "../../errors.ts";

/**
 * What a driver threw, as `ERR_STORE_UNAVAILABLE`: `NAME: what it said.` None of `secrets` is in it, nor in its cause: drivers
 * hang the command that failed on their errors, and a command may be the one that carries the password.
 */
export function driverError(
  name: string,
  error: unknown,
  secrets: readonly string[],
  hintFor: (message: string) => string | undefined,
): MaintenanceError {
  const hide = (text: string): string =>
    secrets.reduce((hidden, secret) => (secret === "" ? hidden : hidden.replaceAll(secret, "***")), text);
  const said = hide(tell(error)).replace(/\.+$/, "");
  const hint = hintFor(said);
  const cause = new Error(said);
  if (error instanceof Error) {
    Object.assign(cause, { name: error.name, stack: hide(error.stack ?? "") });
    if ("code" in error) Object.assign(cause, { code: error.code });
  }
  return new MaintenanceError("ERR_STORE_UNAVAILABLE", `${name}: ${said}.`, { ...(hint && { hint }), cause });
}

function tell(error: unknown): string {
  // What Node throws when a name has several addresses and none of them answers; its own message is empty.
  if (error instanceof AggregateError) return error.errors.map(tell).join(", ");
  if (!(error instanceof Error)) return String(error);
  return error.message || error.name;
}

/** What to do about a driver's error, by its code or by what it said. */
export type DriverHints = readonly (readonly [codeOrSign: string, hint: string])[];

/** Of a driver's error; `""`: it has none. */
export function driverCode(error: unknown): string {
  return String((Object(error) as { readonly code?: unknown }).code ?? "");
}

/** Picks the first hint that fits `error`, for `driverError`. */
export function hintAmong(hints: DriverHints, error: unknown): (said: string) => string | undefined {
  const code = driverCode(error);
  return (said) => hints.find(([sign]) => sign === code || said.includes(sign))?.[1];
}

/** What every driver says of the way to `server`; `option` is where its address stands. */
export function networkHints(server: string, option: string): DriverHints {
  const unreachable = `Mend host and port in ${option}, or let this machine through to there.`;
  return [
    ["ECONNREFUSED", `Start ${server}, or mend host and port in ${option}.`],
    ["ENOTFOUND", `Mend the host in ${option}.`],
    ["EAI_AGAIN", `Mend the host in ${option}, or see why names are not resolved here.`],
    ["ETIMEDOUT", unreachable],
    ["EHOSTUNREACH", unreachable],
    ["ENETUNREACH", unreachable],
  ];
}
