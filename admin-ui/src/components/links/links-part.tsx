import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { t } from "../../language/current.ts";
import { refusal } from "../../model/rights-words.ts";
import { LinkForm } from "./link-form.tsx";
import { LinkList } from "./link-list.tsx";

/** The bypass links of one site. */
export function LinksPart({ site }: { readonly site: SiteView }): JSX.Element {
  const refused = refusal(site.may, "links", site.id);
  return (
    <section class="stack-wide">
      <div>
        <h2 tabIndex={-1}>{t().links.title}</h2>
        <p class="quiet">{t().links.text}</p>
        {refused === null ? null : <p class="refused">{refused}</p>}
      </div>
      <LinkForm heading="h3" site={site.id} isClosed={site.mode !== "open"} disabled={refused !== null} />
      <LinkList site={site.id} links={site.links} mayRevoke={() => refused === null} />
    </section>
  );
}
