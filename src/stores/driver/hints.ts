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
