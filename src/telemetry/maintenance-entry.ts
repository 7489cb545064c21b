import { isMode } from "../state/mode.ts";

/** Members of log entries, errors and hints of common libraries that contain a response, or an error with one. */
const HOLDERS: readonly PropertyKey[] = [
  "res",
  "response",
  "raw",
  "err",
  "error",
  "cause",
  "originalException",
  // The member in which winston keeps what was logged beside the message.
  Symbol.for("splat"),
];
const DEEPEST = 4;

/**
 * Whether a log entry, an error or a response contains the answer of a closed site: a status of 400 or more with a `Maintenance` header
 * that names a mode. Reads responses of `node:http` and `fetch`, those of HTTP client libraries, and serialised ones of pino. An error of
 * the application itself, also a 503, has no such header, and neither has an answer that passed a closed site. Never throws.
 */
export function isMaintenanceEntry(value: unknown): boolean {
  try {
    return carriesAnswer(value, DEEPEST);
  } catch {
    // A getter that throws: a filter must not lose the entry.
    return false;
  }
}

function carriesAnswer(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (isAnswer(value)) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.some((item) => carriesAnswer(item, depth - 1));
  return HOLDERS.some((key) => carriesAnswer(Reflect.get(value, key), depth - 1));
}

interface ResponseLike {
  readonly statusCode?: unknown;
  readonly status?: unknown;
  readonly status_code?: unknown;
  readonly headers?: unknown;
  readonly getHeader?: unknown;
  readonly _header?: unknown;
}

function isAnswer(response: ResponseLike): boolean {
  const status = Number(response.statusCode ?? response.status ?? response.status_code);
  if (!(status >= 400)) return false;
  const [mode = ""] = (maintenanceHeader(response) ?? "").split(";", 1);
  return isMode(mode) && mode !== "open";
}

function maintenanceHeader(response: ResponseLike): string | undefined {
  const { headers, _header: head } = response;
  const value = read(response, "getHeader") ?? read(headers, "get") ?? member(headers);
  if (typeof value === "string") return value;
  // node:http keeps headers that are passed to `writeHead` only here.
  return typeof head === "string" ? /^maintenance: *(.*)$/im.exec(head)?.[1] : undefined;
}

function read(holder: unknown, method: "get" | "getHeader"): unknown {
  if (typeof holder !== "object" || holder === null) return undefined;
  const get: unknown = Reflect.get(holder, method);
  return typeof get === "function" ? Reflect.apply(get, holder, ["maintenance"]) : undefined;
}

function member(headers: unknown): unknown {
  if (typeof headers !== "object" || headers === null) return undefined;
  return Object.entries(headers).find(([name]) => name.toLowerCase() === "maintenance")?.[1];
}
