import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { BYPASS_CACHE_CONTROL, BYPASS_NOT_MODIFIED, bypassHeader } from "../../engine/answer/maintenance-header.ts";
import type { Allow } from "../../engine/decide/decision.ts";
import { permitsStoring } from "./answer-headers.ts";

type GivenHeaders = OutgoingHttpHeaders | readonly OutgoingHttpHeader[];
type Mark = readonly (readonly [string, string])[];

const marks = new WeakMap<ServerResponse, Mark>();
/** The calls that begin an answer on a stream of HTTP/2, with the index of the headers among their arguments. */
const ON_STREAM = [
  ["respond", 0],
  ["respondWithFD", 1],
  ["respondWithFile", 1],
] as const;

/**
 * Marks the application's answer as one that passed a closed site, so that no cache stores it: sets `Maintenance` and `Cache-Control`, and
 * removes other caching headers. Call it before the application answers. Every answer, also one without an explicit head, begins with a
 * call of `writeHead`, or in HTTP/2 of a method of the stream; these add the mark.
 *
 * @example if (decision.outcome === "allow" && decision.bypass) markBypass(response, decision);
 */
export function markBypass(response: ServerResponse, allow: Allow): void {
  // Every way to begin an answer, also an implicit one, calls `writeHead` or, in HTTP/2, the stream. The mark is applied there.
  marks.set(response, [
    ["Maintenance", bypassHeader(allow)],
    ["Cache-Control", BYPASS_CACHE_CONTROL],
  ]);
  const { writeHead } = response;
  response.writeHead = (status: number, ...rest: unknown[]): ServerResponse => {
    const reason = rest.filter((value) => typeof value === "string");
    const given = rest.find(isHeaders);
    const mark = marks.get(response);
    // Too late for a header: `writeHead` throws for the application.
    const headers =
      mark === undefined || response.headersSent
        ? rest.slice(reason.length)
        : withMark(response, given, markFor(status, mark));
    Reflect.apply(writeHead, response, [status, ...reason, ...headers]);
    return response;
  };
  const stream: unknown = Reflect.get(response, "stream");
  if (typeof stream === "object" && stream !== null) markStream(stream, response);
}

/** Removes the mark, because the gate answers instead of the application. */
export function unmarkBypass(response: ServerResponse): void {
  marks.delete(response);
}

function markStream(stream: object, response: ServerResponse): void {
  for (const [name, position] of ON_STREAM) {
    const begin: unknown = Reflect.get(stream, name);
    if (typeof begin !== "function") continue;
    Reflect.set(stream, name, (...values: unknown[]): unknown => {
      const mark = marks.get(response);
      const given = values[position];
      const headers = isHeaders(given) ? given : {};
      if (mark !== undefined)
        values[position] = marked(headers, markFor(Number(Reflect.get(headers, ":status")), mark));
      return Reflect.apply(begin, stream, values);
    });
  }
}

function markFor(status: number, mark: Mark): Mark {
  return status === 304 ? [...mark, BYPASS_NOT_MODIFIED] : mark;
}

function withMark(response: ServerResponse, given: GivenHeaders | undefined, mark: Mark): readonly GivenHeaders[] {
  for (const name of response.getHeaderNames()) if (isReplaced(name, mark)) response.removeHeader(name);
  if (given !== undefined) return [marked(given, mark)];
  for (const [name, value] of mark) response.setHeader(name, value);
  return [];
}

/** Returns the headers with the mark, in the form in which they were given: `writeHead` does not merge an array with headers set before. */
function marked(given: GivenHeaders, mark: Mark): GivenHeaders {
  if (!isList(given)) {
    const copy = { ...given };
    for (const name of Object.keys(copy)) if (isReplaced(name, mark)) delete copy[name];
    return Object.assign(copy, Object.fromEntries(mark));
  }
  return given.every(Array.isArray)
    ? [...given.filter(([name]) => !isReplaced(String(name), mark)), ...mark.map(([...pair]) => pair)]
    : [...given.filter((_, index) => !isReplaced(String(given[index - (index % 2)]), mark)), ...mark.flat()];
}

function isReplaced(name: string, mark: Mark): boolean {
  return permitsStoring(name) || mark.some(([own]) => own.toLowerCase() === name.toLowerCase());
}

function isHeaders(value: unknown): value is GivenHeaders {
  return typeof value === "object" && value !== null;
}

function isList(given: GivenHeaders): given is readonly OutgoingHttpHeader[] {
  return Array.isArray(given);
}
