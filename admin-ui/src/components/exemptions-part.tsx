import type { JSX } from "preact";
import type { SiteView } from "../../../src/admin/api-types.ts";
import { EditRefusal } from "./edit-refusal.tsx";
import { ExemptionRows } from "./exemption-rows.tsx";
import { ExplainBox } from "./explain-box.tsx";

/** Who gets in although the site is closed. */
export function ExemptionsPart({ site }: { readonly site: SiteView }): JSX.Element {
  const { addresses, paths } = site.exemptions;
  return (
    <section class="stack-wide">
      <div>
        <h2 tabIndex={-1}>Who gets in</h2>
        {site.lockdown ? <p class="sentence">Lockdown is on: while the site is closed, nobody here gets in.</p> : null}
        <EditRefusal site={site} />
      </div>
      <ExemptionRows
        site={site}
        kind="addresses"
        rows={addresses.map(({ range, description }) => ({ value: range, description }))}
      />
      <ExemptionRows
        site={site}
        kind="paths"
        rows={paths.map(({ pattern, description }) => ({ value: pattern, description }))}
      />
      <ExplainBox site={site} />
    </section>
  );
}
