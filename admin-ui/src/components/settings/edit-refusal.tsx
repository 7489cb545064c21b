import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { refusal } from "../../model/rights-words.ts";

/** Why the fields below are disabled, where they are. */
export function EditRefusal({ site }: { readonly site: SiteView }): JSX.Element | null {
  const refused = refusal(site.may, "edit", site.id);
  return refused === null ? null : <p class="refused">{refused}</p>;
}
