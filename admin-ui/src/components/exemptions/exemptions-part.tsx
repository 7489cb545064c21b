import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { t } from "../../language/current.ts";
import { exemptionsOfClosure } from "../../model/closure.ts";
import { routeTo } from "../../model/route.ts";
import { EditRefusal } from "../settings/edit-refusal.tsx";
import { ExemptionRows } from "./exemption-rows.tsx";
import { ExplainBox } from "./explain-box.tsx";
import { OtherRules } from "./other-rules.tsx";

/** The exemptions of a site. */
export function ExemptionsPart({ site }: { readonly site: SiteView }): JSX.Element {
  const { addresses, paths } = site.exemptions;
  const untilOpen = exemptionsOfClosure(site).map(({ value }) => value);
  return (
    <section class="stack-wide">
      <div>
        <h2 tabIndex={-1}>{t().exemptions.title}</h2>
        {site.lockdown ? <p class="sentence">{t().exemptions.lockdown}</p> : null}
        {site.mode === "open" ? (
          <p class="quiet">
            {t().exemptions.lasting}{" "}
            <a href={routeTo({ view: "site", site: site.id, part: "switch" })}>{t().exemptions.forClosure}</a>
          </p>
        ) : null}
        <EditRefusal site={site} />
      </div>
      <ExemptionRows
        site={site}
        kind="addresses"
        rows={addresses.map(({ range, description }) => ({
          value: range,
          description,
          untilOpen: untilOpen.includes(range),
        }))}
      />
      <ExemptionRows
        site={site}
        kind="paths"
        rows={paths.map(({ pattern, description }) => ({
          value: pattern,
          description,
          untilOpen: untilOpen.includes(pattern),
        }))}
      />
      <OtherRules site={site} />
      <ExplainBox site={site} />
    </section>
  );
}
