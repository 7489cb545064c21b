import type { Logger } from "../logger.ts";
import { plain, quote } from "../text/quote.ts";
import type { AdminRequest } from "./access/access.ts";
import type { Principal } from "./access/principal.ts";
import type { RefusalLog } from "./access/refusal-log.ts";
import type { RefusedRequest } from "./http/problem.ts";
import { problemOf } from "./http/problem.ts";

/** Logs a change: its author, the sites, the reason and the address. */
export function logChange(
  logger: Logger,
  { name, via }: Principal,
  { address }: AdminRequest,
  { operation, sites = [], reason = "" }: { operation: string; sites?: readonly string[]; reason?: string },
): void {
  const what = sites.length === 0 ? operation : `${operation} on ${sites.map(plain).join(", ")}`;
  const why = reason === "" ? "" : `, because ${quote(reason)}`;
  logger.info(`The admin: ${quote(name)} (${via}) from ${plain(address ?? "an unknown address")}: ${what}${why}.`);
}

/** Logs a refusal: the caller, the request, the reason and the address. `Access` logs its own refusals. */
export function logRefusal(
  log: RefusalLog,
  principal: Principal | null,
  { request, address }: AdminRequest,
  refusal: RefusedRequest,
): void {
  if (refusal.options.isLogged === true) return;
  const { status, code, detail } = problemOf(refusal);
  const who = `${principal === null ? "" : `${quote(principal.name)}, `}${plain(address ?? "an unknown address")}`;
  // Without the query: links contain secrets there.
  const target = plain(new URL(request.url).pathname).slice(0, 200);
  const cause = status === 500 ? ` (${plain(String(refusal.error.cause))})` : "";
  const line = `The admin refused ${plain(request.method)} ${target} to ${who}, with ${status} ${code}: ${plain(detail)}${cause}`;
  const reads = request.method === "GET" || request.method === "HEAD";
  log(status >= 500 ? "error" : reads ? "info" : "warn", line, address);
}
