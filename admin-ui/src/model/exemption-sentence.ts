import type { SiteView } from "../../../src/admin/schema/types.ts";
import { listWords } from "./switch-sentence.ts";
import { count } from "./time-words.ts";

/** Who would still get in, by what the site's own record says. */
export function exemptionSentence({
  exemptions,
  links,
  lockdown,
}: Pick<SiteView, "exemptions" | "links" | "lockdown">): string {
  if (lockdown) return "Lockdown is on: no exemption counts.";
  const words = [
    count(exemptions.addresses.length, "exempt address").replace(/addresss$/, "addresses"),
    count(exemptions.paths.length, "exempt path"),
    count(links.filter(({ expired }) => !expired).length, "bypass link"),
  ].filter((part) => part !== "");
  return words.length === 0
    ? "This site has no exempt address or path and no link of its own."
    : `Still in: ${listWords(words)}.`;
}
