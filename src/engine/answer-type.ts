import Negotiator from "negotiator";
import { messageOf } from "../errors.ts";
import { normalizePath } from "../rules/normalize-path.ts";
import { memoize } from "./memoize.ts";
import type { Policy } from "./policy.ts";
import type { RequestFacts } from "./request-facts.ts";
import type { AnswerType } from "./response-plan.ts";

export const TYPES: Readonly<Record<AnswerType, string>> = {
  html: "text/html; charset=utf-8",
  json: "application/problem+json",
  text: "text/plain; charset=utf-8",
};

/** What a blocked request is answered with: by its path, by configuration, or else as its `Accept` prefers. */
export function answerType(facts: RequestFacts, policy: Policy): AnswerType {
  if (policy.jsonPaths !== null) {
    const path = normalizePath(facts.target);
    if (path !== null && policy.jsonPaths.match(path) !== null) return "json";
  }
  return configuredType(facts, policy) ?? typeByAccept(facts.header("accept") ?? "");
}

function configuredType(facts: RequestFacts, { response: { type }, report }: Policy): AnswerType | null {
  if (typeof type !== "function") return type;
  try {
    const chosen = type(facts);
    if (chosen === undefined || Object.hasOwn(TYPES, chosen)) return chosen ?? null;
    report(
      `'responseType' gave '${String(chosen)}', and Accept decides; it may give: ${Object.keys(TYPES).join(", ")}.`,
    );
  } catch (error) {
    report(`'responseType' failed, and Accept decides: ${messageOf(error)}`);
  }
  return null;
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
