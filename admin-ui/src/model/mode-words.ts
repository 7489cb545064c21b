import type { SiteView } from "../../../src/admin/schema/responses.ts";
import { ALL_SITES } from "../../../src/state/site-record.ts";
import { t } from "../language/current.ts";

export type Mode = SiteView["mode"];
export type ClosingMode = "closed" | "read-only";

/** Returns the name of a site where it appears alone. */
export function siteName(id: string): string {
  return id === ALL_SITES ? t().allSites : id;
}
