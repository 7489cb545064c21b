/** The maintenance of a closed site, as its answer describes it. */
export interface MaintenanceInfo {
  /** `closed`, `paused` or `read-only`; a later release of the server may know more. */
  readonly mode: string;
  /** The id of the site that is closed. */
  readonly site: string | null;
  /** The planned end. */
  readonly until: Date | null;
  /** Version of the site's record: if it differs, something about the maintenance has changed. */
  readonly version: number | null;
  /** Seconds to wait before the next request. */
  readonly retryAfter: number | null;
}

/** A parameter of an item of structured fields (RFC 9651 section 3.1.2), with a value of any kind. */
const PARAMETER = /; *([a-z*][\w.*-]*)(?:=(%?"(?:[^"\\]|\\["\\])*"|[^ ",;]+))?/g;
/** The rest of the field: a token, and for each parameter a line break, which no header can contain. */
const TOKEN = /^ *([A-Za-z*][\w.*:/-]*)\n* *$/;

/**
 * Returns the maintenance that `response` describes in its fields `Maintenance` (RFC 9651) and `Retry-After` (RFC 9110 section 10.2.3), or
 * `null` for any other answer: a status below 400, a request that passed although the site is closed, or an invalid field. Never throws.
 * Across origins the server must expose both fields, as its option `cors` does.
 * @example const until = maintenanceOf(response)?.until;
 */
export function maintenanceOf({ headers, status }: Response): MaintenanceInfo | null {
  const parameters: Record<string, string | undefined> = {};
  const rest = (headers.get("maintenance") ?? "").replace(PARAMETER, (_parameter, key: string, value?: string) => {
    parameters[key] = value;
    return "\n";
  });
  const mode = TOKEN.exec(rest)?.[1];
  if (status < 400 || mode === undefined || mode === "bypass") return null;
  const read = (key: string, shape: RegExp): string | undefined => shape.exec(parameters[key] ?? "")?.[1];
  const until = new Date(Number(read("until", /^@(\d{1,15})$/)) * 1000);
  return {
    mode,
    site: read("site", /^"(.*)"$/)?.replace(/\\(.)/g, "$1") ?? null,
    until: until.getTime() >= 0 ? until : null,
    version: orNull(Number(read("version", /^(\d{1,15})$/))),
    retryAfter: orNull(secondsOf(headers.get("retry-after") ?? "", Date.now())),
  };
}

/**
 * Returns whether `response` is the answer of a closed site. See `maintenanceOf`. Never throws.
 * @example if (isMaintenance(response)) showNotice();
 */
export function isMaintenance(response: Response): boolean {
  return maintenanceOf(response) !== null;
}

/** Returns `null` for `NaN`, and for numbers below 0. */
function orNull(value: number): number | null {
  return value >= 0 ? value : null;
}

/**
 * Returns the seconds from `now` (milliseconds since the epoch) to the time in a `Retry-After` (RFC 9110 section 10.2.3); `NaN` for an
 * invalid value. Reads all forms of a date except that of `asctime`, which is not in use.
 */
export function secondsOf(value: string, now: number): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  return /^\D.*GMT$/.test(value) ? Math.max(0, Math.ceil((Date.parse(value) - now) / 1000)) : NaN;
}
