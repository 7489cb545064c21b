import type { SiteView } from "../../../src/admin/schema/responses.ts";
import { t } from "../language/current.ts";

/** Returns the exemptions that apply, according to the site's own record. */
export function exemptionSentence({
  exemptions: { addresses, paths },
  links,
  lockdown,
}: Pick<SiteView, "exemptions" | "links" | "lockdown">): string {
  const { summary, summaryLockdown, summaryNone } = t().exemptions;
  const counts = {
    addresses: addresses.length,
    paths: paths.length,
    links: links.filter(({ expired }) => !expired).length,
  };
  if (lockdown) return summaryLockdown;
  return Object.values(counts).every((count) => count === 0) ? summaryNone : summary(counts);
}
