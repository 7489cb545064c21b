import { MaintenanceError } from "../../errors.ts";

/**
 * Returns an `ERR_STORE_UNAVAILABLE` for a driver's error, with its message: `NAME: MESSAGE.` No text of `secrets` remains in the
 * message, the stack or the cause: drivers attach the failed command to their errors, and that may be the one with the password.
 */
export function driverError(
  name: string,
  error: unknown,
  secrets: readonly unknown[],
  hintFor: (message: string) => string | undefined,
): MaintenanceError {
  const hide = (text: string): string =>
    secrets.reduce<string>(
      (hidden, secret) => (typeof secret === "string" && secret !== "" ? hidden.replaceAll(secret, "***") : hidden),
      text,
    );
  const said = hide(messageOf(error)).replace(/\.+$/, "");
  const hint = hintFor(said);
  const cause = new Error(said);
  if (error instanceof Error) {
    Object.assign(cause, { name: error.name, stack: hide(error.stack ?? "") });
    if ("code" in error) Object.assign(cause, { code: error.code });
  }
  return new MaintenanceError("ERR_STORE_UNAVAILABLE", `${name}: ${said}.`, { ...(hint && { hint }), cause });
}

function messageOf(error: unknown): string {
  // Node.js throws this when a host has several addresses and none answers; its own message is empty.
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(", ");
  if (!(error instanceof Error)) return String(error);
  return error.message || error.name;
}

/** Hints for the errors of a driver, by error code or by a part of the message. */
export type DriverHints = readonly (readonly [codeOrSign: string, hint: string])[];

/** Returns the code of a driver's error, or `""`. */
export function driverCode(error: unknown): string {
  return String((Object(error) as { readonly code?: unknown }).code ?? "");
}

/** Returns the function for `driverError` that finds the first hint for `error`. */
export function hintAmong(hints: DriverHints, error: unknown): (said: string) => string | undefined {
  const code = driverCode(error);
  return (said) => hints.find(([sign]) => sign === code || said.includes(sign))?.[1];
}

/** Hints for network errors. `option` is the name of the option that holds the address of `server`. */
export function networkHints(server: string, option: string): DriverHints {
  const unreachable = `Fix host and port in ${option}, or allow connections from this machine.`;
  return [
    ["ECONNREFUSED", `Start ${server}, or fix host and port in ${option}.`],
    ["ENOTFOUND", `Fix the host in ${option}.`],
    ["EAI_AGAIN", `Fix the host in ${option}, or check the name resolution of this machine.`],
    ["ETIMEDOUT", unreachable],
    ["EHOSTUNREACH", unreachable],
    ["ENETUNREACH", unreachable],
  ];
}
