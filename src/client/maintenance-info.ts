/** What an answer of a closed site says of its maintenance. */
export interface MaintenanceInfo {
  /** `closed`, `paused` or `read-only`; a later release of the server may know more. */
  readonly mode: string;
  readonly site: string | null;
  /** When it is planned to end. */
  readonly until: Date | null;
  /** Of the site's record: another one means that something of the maintenance has changed. */
  readonly version: number | null;
  /** The seconds to wait before asking again. */
  readonly retryAfter: number | null;
}

/** A parameter of an item of structured fields (RFC 9651 section 3.1.2), with a value of any kind. */
const PARAMETER = /; *([a-z*][\w.*-]*)(?:=(%?"(?:[^"\\]|\\["\\])*"|[^ ",;]+))?/g;
/** What is left of the field: a token, and a line break, which no header can hold, for each parameter. */
const TOKEN = /^ *([A-Za-z*][\w.*:/-]*)\n* *$/;

/**
 * What `response` says of maintenance in its `Maintenance` field (RFC 9651) and `Retry-After` (RFC 9110 section 10.2.3), or `null`
 * for any other answer: one below 400, one that was let through although the site is closed, a field that cannot be read.
 * Never throws. Across origins the server must expose both fields, as its option `cors` does.
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

/** Tells whether `response` is the answer of a closed site. See `maintenanceOf`. */
export function isMaintenance(response: Response): boolean {
  return maintenanceOf(response) !== null;
}

/** `null` for `NaN`, and for what is below 0. */
function orNull(value: number): number | null {
  return value >= 0 ? value : null;
}

/**
 * The seconds from `now`, in milliseconds since the epoch, that a `Retry-After` asks for (RFC 9110 section 10.2.3); `NaN` for what
 * is none. Of the forms of a date all are read but that of `asctime`, which is not in use.
 */
export function secondsOf(value: string, now: number): number {
  if (/^\d{1,15}$/.test(value)) return Number(value);
  return /^\D.*GMT$/.test(value) ? Math.max(0, Math.ceil((Date.parse(value) - now) / 1000)) : NaN;
}
