import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { type Closure, NOTHING_CHOSEN } from "../../model/closure.ts";
import { createDrafts } from "./drafts.ts";

/** The choices for the closure of a site, shared by its own page and the dialog; for several sites, of all of them together. */
const closures = createDrafts<Closure>(NOTHING_CHOSEN);
const reasons = createDrafts("");

export const closureOf = (sites: readonly Pick<SiteView, "id">[]) => closures.of(nameOf(sites));

export const reasonOf = (deed: "close" | "open", sites: readonly Pick<SiteView, "id">[]) =>
  reasons.of(`${deed} ${nameOf(sites)}`);

/** It is done: what was chosen for it is not chosen for the next. */
export function forgetClosure(sites: readonly Pick<SiteView, "id">[]): void {
  closureOf(sites).value = NOTHING_CHOSEN;
  reasonOf("close", sites).value = "";
  reasonOf("open", sites).value = "";
}

function nameOf(sites: readonly Pick<SiteView, "id">[]): string {
  return sites
    .map(({ id }) => id)
    .sort()
    .join(" ");
}
