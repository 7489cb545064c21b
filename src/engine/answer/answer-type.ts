import Negotiator from "negotiator";
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

/** One of the protocols in a list (RFC 9110 section 7.8). */
const WEBSOCKET = /(?:^|,)\s*websocket\s*(?:,|$)/i;

/** Characters of `Accept` that are read: browsers and libraries send a fifth of this. */
const MAX_HEADER_LENGTH = 1_000;

/** Returns the type of the answer: JSON for `jsonPaths` and WebSockets, else the configured type, else what `Accept` prefers. */
export function answerType(facts: RequestFacts, policy: Policy): AnswerType {
  // A client that opens a WebSocket is a program, which follows no redirect (RFC 6455 section 4.1). A browser may offer `h2c`.
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

/** Whether `Accept` names HTML: what browsers do when they ask for a document, and programs that take anything do not. */
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
      `'responseType' gave '${String(chosen)}', and Accept decides; it may give: ${Object.keys(TYPES).join(", ")}.`,
    );
  } catch (error) {
    report(`'responseType' failed, and Accept decides: ${messageOf(error)}`);
  }
  return null;
}

/** `Sec-Fetch-Dest` of what takes anything and cannot show a page: `fetch`, and what a document loads. */
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
  /** The header names it; else a range such as any type took it in, or nothing did. */
  readonly byName: boolean;
}

/** RFC 9110 section 12.5.1. HTML when nothing is preferred, or nothing that we have. */
const typeByAccept: (accept: string) => AcceptedType = memoize((accept) => {
  if (accept === "") return { type: "html", byName: false };
  const negotiator = new Negotiator({ headers: { accept: accept.slice(0, MAX_HEADER_LENGTH) } });
  // Best first: what a range such as `text/*` takes in may stand in the header too, preferred less or refused (`q=0`).
  const acceptable = negotiator.mediaTypes(["text/html", "application/json", "text/plain"]);
  for (const range of negotiator.mediaTypes()) {
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

/** `Sec-Fetch-Dest` of what a person looks at (the Fetch standard, section 2.2.5). */
const DOCUMENTS: ReadonlySet<string> = new Set(["document", "iframe", "frame", "fencedframe"]);

/**
 * Whether a browser asks for a document to show: the only request that a redirect helps. A program would follow it to another
 * page, take its 200 for success and lose what it sent. The type, HTML accepted by name, is for the caller to check.
 */
export function isNavigation(facts: RequestFacts): boolean {
  if (!isRetrieval(facts) || facts.header("x-requested-with")?.toLowerCase() === "xmlhttprequest") return false;
  const destination = facts.header("sec-fetch-dest");
  if (destination !== undefined && !DOCUMENTS.has(destination)) return false;
  return (facts.header("sec-fetch-mode") ?? "navigate") === "navigate";
}
