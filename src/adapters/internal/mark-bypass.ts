import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Allow } from "../../engine/decision.ts";
import { BYPASS_CACHE_CONTROL, bypassHeader } from "../../engine/maintenance-header.ts";

type HeadersArgument = OutgoingHttpHeaders | readonly OutgoingHttpHeader[] | undefined;

/**
 * Marks what the application is about to answer. Every way to begin an answer, the implicit ones too, goes through `writeHead`:
 * there the mark takes the place of whatever the application has set by then.
 */
export function markBypass(response: ServerResponse, allow: Allow): void {
  const mark: readonly [string, string][] = [
    ["Maintenance", bypassHeader(allow)],
    ["Cache-Control", BYPASS_CACHE_CONTROL],
  ];
  const writeHead: (status: number, ...rest: unknown[]) => ServerResponse = response.writeHead;
  response.writeHead = (status: number, reason?: unknown, headers?: unknown): ServerResponse => {
    if (response.headersSent) return writeHead.call(response, status, reason, headers);
    for (const [name] of mark) response.removeHeader(name);
    const given = (typeof reason === "string" ? headers : (headers ?? reason)) as HeadersArgument;
    const marked = withMark(response, given, mark);
    return typeof reason === "string"
      ? writeHead.call(response, status, reason, ...marked)
      : writeHead.call(response, status, ...marked);
  };
}

/** In the shape in which the headers were given: `writeHead` treats an array otherwise than what was set before. */
function withMark(
  response: ServerResponse,
  given: HeadersArgument,
  mark: readonly [string, string][],
): readonly HeadersArgument[] {
  const isMarked = (name: unknown): boolean => mark.some(([own]) => own.toLowerCase() === String(name).toLowerCase());
  if (given === undefined || given === null) {
    for (const [name, value] of mark) response.setHeader(name, value);
    return [];
  }
  if (isList(given)) {
    const pairs = given.every(Array.isArray)
      ? given.filter(([name]) => !isMarked(name)).concat(mark)
      : given.filter((_, index) => !isMarked(given[index - (index % 2)])).concat(mark.flat());
    return [pairs];
  }
  const others = Object.entries(given).filter(([name]) => !isMarked(name));
  return [{ ...Object.fromEntries(others), ...Object.fromEntries(mark) }];
}

function isList(given: NonNullable<HeadersArgument>): given is readonly OutgoingHttpHeader[] {
  return Array.isArray(given);
}
