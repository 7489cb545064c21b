import type { ExemptionList } from "../../../src/admin/schema/types.ts";
import { siteInSentence } from "./mode-words.ts";

type Kind = ExemptionList["rules"][number]["kind"];

const KINDS: Readonly<Record<Kind, string>> = {
  surface: "The operators’ own path",
  address: "Address",
  path: "Path",
  method: "Method",
  link: "Link",
  user: "Users:",
  "test-run": "A test run:",
};

/** What a rule lets in, before the rule itself. */
export function whatOfRule(kind: Kind): string {
  return KINDS[kind];
}

/** Where a rule is set. */
export function sourceOfRule(source: string): string {
  return source === "configuration" ? "Set in the configuration" : `Set for ${siteInSentence(source)}`;
}
