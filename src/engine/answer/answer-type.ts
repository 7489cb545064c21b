/// <reference path="../negotiator.d.ts" />
import preferredMediaTypes from "negotiator/lib/mediaType.js";
import { messageOf } from "../../errors.ts";
import { normalizePath } from "../../rules/paths/normalize.ts";
import { atOnce } from "../decide/at-once.ts";
import { isRetrieval } from "../decide/is-reading.ts";
import type { RequestFacts } from "../decide/request-facts.ts";
import { memoize } from "../snapshot/memoize.ts";
import type { Policy } from "../snapshot/policy.ts";
import type { AnswerType } from "./response-plan.ts";

export const TYPES: Readonly<Record<AnswerType, string>> = {
  html: "text/html; charset=utf-8",
  json: "application/problem+json",
  text: "text/plain; charset=utf-8",
};

/** WebSocket in a list of protocols (RFC 9110 section 7.8). */
const WEBSOCKET = /(?:^|,)\s*websocket\s*(?:,|$)/i;

/** Number of characters of `Accept` that are read: browsers and libraries send a fifth of this. */
const MAX_HEADER_LENGTH = 1_000;

/** Returns the type of the answer: JSON for `jsonPaths` and WebSockets, else the configured type, else what `Accept` prefers. */
export function answerType(facts: RequestFacts, policy: Policy): AnswerType {
  // A client that opens a WebSocket is a program, which does not follow redirects (RFC 6455 section 4.1). A browser may offer `h2c`.
  const upgrade = facts.header("upgrade");
  if (upgrade !== undefined && WEBSOCKET.test(upgrade)) return "json";
  if (policy.jsonPaths !== null) {
    const path = normalizePath(facts.target);
    if (path !== null && policy.jsonPaths.match(path) !== null) return "json";
  }
  const configured = configuredType(facts, policy);
  if (configured !== null) return configured;
  const { type, byName } = typeByAccept(facts.header("accept") ?? "");
  return byName || type !== "html" ? type : (TYPES_BY_DESTINATION.get(facts.header("sec-fetch-dest") ?? "") ?? type);
}

/** Whether `Accept` names HTML: browsers do so when they request a document; programs that accept anything do not. */
export function acceptsHtmlByName(facts: RequestFacts): boolean {
  const { type, byName } = typeByAccept(facts.header("accept") ?? "");
  return byName && type === "html";
}

function configuredType(facts: RequestFacts, { response: { type }, report }: Policy): AnswerType | null {
  if (typeof type !== "function") return type;
  try {
    const chosen = atOnce(type(facts)) ?? null;
    if (chosen === null || Object.hasOwn(TYPES, chosen)) return chosen;
    report(
      `'responseType' returned '${String(chosen)}', so Accept decides; it can return: ${Object.keys(TYPES).join(", ")}.`,
    );
  } catch (error) {
    report(`'responseType' failed, so Accept decides: ${messageOf(error)}`);
  }
  return null;
}

/** `Sec-Fetch-Dest` of requests that accept anything and cannot show a page: `fetch`, and the resources of a document. */
const TYPES_BY_DESTINATION: ReadonlyMap<string, AnswerType> = new Map([
  ["empty", "json"],
  ...["audio", "audioworklet", "font", "image", "manifest", "paintworklet", "report", "script", "serviceworker"].map(
    asText,
  ),
  ...["sharedworker", "style", "track", "video", "worker", "xslt"].map(asText),
]);

function asText(destination: string): [string, AnswerType] {
  return [destination, "text"];
}

interface AcceptedType {
  readonly type: AnswerType;
  /** Whether `Accept` contains the type itself, and not only a range such as `text/*`. */
  readonly byName: boolean;
}

/** Negotiates the type (RFC 9110 section 12.5.1). HTML if the client has no preference, or accepts none of the available types. */
const typeByAccept: (accept: string) => AcceptedType = memoize((accept) => {
  if (accept === "") return { type: "html", byName: false };
  const read = accept.slice(0, MAX_HEADER_LENGTH);
  // Best first: a type within a range such as `text/*` may also be listed itself, with a lower preference or refused (`q=0`).
  const acceptable = preferredMediaTypes(read, ["text/html", "application/json", "text/plain"]);
  for (const range of preferredMediaTypes(read)) {
    const mediaType = range.endsWith("/*") ? acceptable.find((one) => isWithin(one, range)) : range;
    const type = mediaType === undefined ? null : typeOf(mediaType);
    if (type !== null) return { type, byName: !range.endsWith("/*") };
  }
  return { type: "html", byName: false };
});

function isWithin(mediaType: string, range: string): boolean {
  return range === "*/*" || mediaType.startsWith(range.slice(0, -1));
}

function typeOf(mediaType: string): AnswerType | null {
  if (mediaType === "application/json" || mediaType.endsWith("+json")) return "json";
  if (mediaType === "text/plain") return "text";
  return mediaType === "text/html" || mediaType === "application/xhtml+xml" ? "html" : null;
}

/** `Sec-Fetch-Dest` of documents that a person looks at (the Fetch standard, section 2.2.5). */
const DOCUMENTS: ReadonlySet<string> = new Set(["document", "iframe", "frame", "fencedframe"]);

/**
 * Whether a browser requests a document to show: only such a request is redirected. A program would follow the redirect to another page,
 * take its 200 for success and lose the data that it sent. The caller checks that HTML is accepted by name.
 */
export function isNavigation(facts: RequestFacts): boolean {
  if (!isRetrieval(facts) || facts.header("x-requested-with")?.toLowerCase() === "xmlhttprequest") return false;
  const destination = facts.header("sec-fetch-dest");
  if (destination !== undefined && !DOCUMENTS.has(destination)) return false;
  return (facts.header("sec-fetch-mode") ?? "navigate") === "navigate";
}
