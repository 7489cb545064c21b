import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Allow } from "../../engine/decision.ts";
import { BYPASS_CACHE_CONTROL, bypassHeader } from "../../engine/maintenance-header.ts";
import { permitsStoring } from "./answer-headers.ts";

type GivenHeaders = OutgoingHttpHeaders | readonly OutgoingHttpHeader[] | undefined;

const marks = new WeakMap<ServerResponse, readonly [string, string][]>();

/**
 * Marks what the application is about to answer. Every way to begin an answer, the implicit ones too, goes through `writeHead`:
 * there the mark takes the place of whatever the application has set by then.
 */
export function markBypass(response: ServerResponse, allow: Allow): void {
  marks.set(response, [
    ["Maintenance", bypassHeader(allow)],
    ["Cache-Control", BYPASS_CACHE_CONTROL],
  ]);
  const { writeHead } = response;
  response.writeHead = (status: number, ...rest: unknown[]): ServerResponse => {
    const reason = rest.filter((value) => typeof value === "string");
    const given = rest.find((value) => typeof value === "object" && value !== null);
    const mark = marks.get(response);
    // Too late for any header: what is wrong then is the application's to hear.
    const headers =
      mark === undefined || response.headersSent
        ? rest.slice(reason.length)
        : withMark(response, given as GivenHeaders, mark);
    Reflect.apply(writeHead, response, [status, ...reason, ...headers]);
    return response;
  };
}

/** For an answer that is not the application's after all. */
export function unmarkBypass(response: ServerResponse): void {
  marks.delete(response);
}

/** In the shape in which the headers were given: `writeHead` treats an array otherwise than what was set before. */
function withMark(
  response: ServerResponse,
  given: GivenHeaders,
  mark: readonly [string, string][],
): readonly GivenHeaders[] {
  const isReplaced = (name: unknown): boolean =>
    permitsStoring(String(name)) || mark.some(([own]) => own.toLowerCase() === String(name).toLowerCase());
  for (const name of response.getHeaderNames()) if (isReplaced(name)) response.removeHeader(name);
  if (given === undefined) {
    for (const [name, value] of mark) response.setHeader(name, value);
    return [];
  }
  if (isList(given)) {
    const pairs = given.every(Array.isArray)
      ? given.filter(([name]) => !isReplaced(name)).concat(mark)
      : given.filter((_, index) => !isReplaced(given[index - (index % 2)])).concat(mark.flat());
    return [pairs];
  }
  const others = Object.entries(given).filter(([name]) => !isReplaced(name));
  return [{ ...Object.fromEntries(others), ...Object.fromEntries(mark) }];
}

function isList(given: OutgoingHttpHeaders | readonly OutgoingHttpHeader[]): given is readonly OutgoingHttpHeader[] {
  return Array.isArray(given);
}
