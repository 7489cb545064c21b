import type { SiteView } from "../../../src/admin/schema/responses.ts";
import { t } from "../language/current.ts";

export type Right = SiteView["may"][number];

/** Why the user may not, as a sentence; `null`: the user may. */
export function refusal(may: readonly Right[], right: Right, site: string): string | null {
  if (may.includes(right)) return null;
  const { access, ...others } = t().refusal;
  return right === "access" ? access : others[right](site);
}
