import Negotiator from "negotiator";
import { normalizePath } from "../rules/normalize-path.ts";
import { memoize } from "./memoize.ts";
import type { Policy } from "./policy.ts";
import type { RequestFacts } from "./request-facts.ts";

export type AnswerType = "html" | "json" | "text";

/** What a blocked request is answered with: by its path, by configuration, or else as its `Accept` prefers. */
export function answerType(facts: RequestFacts, policy: Policy): AnswerType {
  if (policy.jsonPaths !== null) {
    const path = normalizePath(facts.target);
    if (path !== null && policy.jsonPaths.match(path) !== null) return "json";
  }
  return policy.response.type ?? typeByAccept(facts.header("accept") ?? "");
}

/** RFC 9110 section 12.5.1. HTML when nothing is preferred, or nothing that we have. */
const typeByAccept: (accept: string) => AnswerType = memoize((accept) => {
  if (accept === "") return "html";
  for (const mediaType of new Negotiator({ headers: { accept } }).mediaTypes()) {
    const type = typeOf(mediaType);
    if (type !== null) return type;
  }
  return "html";
});

function typeOf(mediaType: string): AnswerType | null {
  if (mediaType === "application/json" || mediaType.endsWith("+json")) return "json";
  if (mediaType === "text/plain") return "text";
  const html = ["text/html", "application/xhtml+xml", "text/*", "*/*"];
  return html.includes(mediaType) ? "html" : null;
}
