import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { ExemptionList, SiteView } from "../../../../src/admin/schema/responses.ts";
import { readExemptions } from "../../api.ts";
import { t } from "../../language/current.ts";
import { routeTo } from "../../model/route.ts";
import { sourceOfRule } from "../../model/rule-source.ts";
import { useReading } from "../../state/page/use-reading.ts";
import { changes } from "../../state/sites/changes.ts";
import { ProblemNote } from "../fields/problem-note.tsx";
import { Warnings } from "../page/warnings.tsx";

/** Rules beside the site's own exemptions: of the configuration, the groups and the switch for all sites. */
export function OtherRules({ site }: { readonly site: SiteView }): JSX.Element {
  const list = useSignal<ExemptionList | null>(null);
  const problem = useReading(
    () => readExemptions(site.id),
    (read) => {
      list.value = read;
    },
    [site.id, site.version, changes.value],
  );
  const { rules = [], hidden = 0, warnings = [] } = list.value ?? {};
  const others = rules.filter(({ source }) => source !== site.id);
  return (
    <div class="stack">
      <Warnings heading={t().exemptions.check} warnings={warnings} />
      <h3>{t().exemptions.elsewhere}</h3>
      <ProblemNote problem={problem} />
      {others.length === 0 && list.value !== null ? <p class="quiet">{t().exemptions.nothingElsewhere}</p> : null}
      <ul class="rows">
        {others.map(({ kind, rule, description, source }) => (
          <li key={`${source} ${kind} ${rule}`}>
            <div>
              <p>
                {t().exemptions.kinds[kind]} <code>{rule}</code>
              </p>
              <p class="quiet">
                {description === "" ? "" : `${description} · `}
                {source === "configuration" ? (
                  sourceOfRule(source)
                ) : (
                  <a href={routeTo({ view: "site", site: source, part: "exemptions" })}>{sourceOfRule(source)}</a>
                )}
              </p>
            </div>
          </li>
        ))}
      </ul>
      {hidden === 0 ? null : <p class="quiet">{t().exemptions.hidden(hidden)}</p>}
    </div>
  );
}
