import { isMode } from "../state/mode.ts";

/** Under what log entries, errors and hints of the common libraries hold a response, or an error that holds one. */
const HOLDERS: readonly PropertyKey[] = [
  "res",
  "response",
  "raw",
  "err",
  "error",
  "cause",
  "originalException",
  // Where winston keeps what was logged beside the message.
  Symbol.for("splat"),
];
const DEEPEST = 4;

/**
 * Whether a log entry, an error or a response carries the answer of a closed site: a status from 400 up with a `Maintenance` header that names a
 * mode. Knows responses of `node:http` and `fetch`, those of fetching libraries, and pino's serialised ones. An error of the application itself,
 * 503 or other, has no such header, and neither has what passed a closed site. Never throws.
 */
export function isMaintenanceEntry(value: unknown): boolean {
  try {
    return carriesAnswer(value, DEEPEST);
  } catch {
    // A getter that throws: it is not for a filter to lose the entry.
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
  // What `writeHead` is given at once, node:http keeps nowhere else.
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
