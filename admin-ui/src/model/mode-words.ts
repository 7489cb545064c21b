import type { SiteView } from "../../../src/admin/schema/types.ts";
import { ALL_SITES } from "../../../src/state/site-record.ts";
import { t } from "../language/current.ts";

export type Mode = SiteView["mode"];
export type ClosingMode = "closed" | "read-only";

/** What a site is called where its name is on its own. */
export function siteName(id: string): string {
  return id === ALL_SITES ? t().allSites : id;
}
