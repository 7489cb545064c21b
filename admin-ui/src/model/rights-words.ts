import type { SiteView } from "../../../src/admin/schema/types.ts";
import { siteInSentence } from "./mode-words.ts";

export type Right = SiteView["may"][number];

const DEEDS: Readonly<Record<Right, string>> = {
  view: "see this",
  switch: "close or open",
  edit: "change settings and exemptions of",
  links: "make or revoke links of",
  access: "manage tokens and sessions of",
};

/** Why the user may not, as a sentence; `null`: the user may. */
export function refusal(may: readonly Right[], right: Right, site: string): string | null {
  if (may.includes(right)) return null;
  return `You may not ${DEEDS[right]} ${siteInSentence(site)}: that takes the right “${right}”.`;
}
