import { isRetrieval } from "../decide/is-reading.ts";
import type { RequestFacts } from "../decide/request-facts.ts";

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
