import type { JSX } from "preact";
import type { SiteList } from "../../../src/admin/schema/responses.ts";
import { ProblemNote } from "../components/fields/problem-note.tsx";
import { FleetPart } from "../components/page/fleet-part.tsx";
import { AddSite } from "../components/sites/add-site.tsx";
import { SelectionBar } from "../components/sites/selection-bar.tsx";
import { SiteFilter } from "../components/sites/site-filter.tsx";
import { SiteRow } from "../components/sites/site-row.tsx";
import { t } from "../language/current.ts";
import { refusal } from "../model/rights-words.ts";
import { createDrafts } from "../state/drafts/drafts.ts";
import { useAction } from "../state/page/use-action.ts";
import { useReading } from "../state/page/use-reading.ts";
import { session } from "../state/session/session.ts";
import { isSelectable, select, selection } from "../state/sites/selection.ts";
import { listQuery, loadMoreSites, reloadSites, siteList } from "../state/sites/site-list.ts";

const addings = createDrafts(false);

export function SitesView(): JSX.Element {
  const action = useAction();
  const adding = addings.of("");
  const list = siteList.value;
  const state = session.value;
  const problem = useReading(reloadSites, () => undefined, []);
  const shown = list?.sites ?? [];
  const refused = shown.length > 0 && shown.every(({ may }) => !may.includes("switch"));
  const switchable = shown.filter(isSelectable);
  const all = switchable.length > 0 && switchable.every(({ id }) => selection.value.has(id));
  return (
    <>
      <div class="title">
        <h1 tabIndex={-1}>{t().sites}</h1>
        <p class="quiet" role="status">
          {list === null ? "" : summaryWords(list, listQuery.value.search !== "" || listQuery.value.mode !== "")}
        </p>
      </div>
      <SiteFilter />
      {refused ? <p class="refused">{refusal([], "switch", "*")}</p> : null}
      <ProblemNote problem={action.problem ?? problem} />
      {list === null && problem === null ? <p class="quiet">{t().loading}</p> : null}
      {shown.length < 2 ? null : (
        <label class="select-all">
          <input
            type="checkbox"
            checked={all}
            disabled={switchable.length === 0}
            onChange={(event) => select(switchable, event.currentTarget.checked)}
          />
          {t().list.selectAll}
        </label>
      )}
      {shown.length === 0 ? null : (
        <ul class="sites">
          {shown.map((site) => (
            <SiteRow key={site.id} site={site} />
          ))}
        </ul>
      )}
      {list !== null && list.sites.length === 0 ? <p>{t().list.noMatch}</p> : null}
      {list?.next == null ? null : (
        <p class="actions">
          <button type="button" onClick={() => action.run(loadMoreSites)}>
            {action.busy ? t().working : t().list.more}
          </button>
          <span class="quiet">{t().list.shown({ shown: list.sites.length, total: list.total })}</span>
        </p>
      )}
      {list !== null && state.state === "in" && state.session.may.includes("edit") ? (
        adding.value ? (
          <AddSite
            onDone={() => {
              adding.value = false;
            }}
          />
        ) : (
          <p class="actions apart">
            <button
              type="button"
              class="link"
              onClick={() => {
                adding.value = true;
              }}
            >
              {t().list.addTitle}
            </button>
          </p>
        )
      ) : null}
      <FleetPart />
      <SelectionBar />
    </>
  );
}

/** `*` stands for all sites and is not counted. */
function summaryWords({ sites, total, closed }: SiteList, filtered: boolean): string {
  const [first] = sites;
  const all = first?.id === "*" ? 1 : 0;
  const allClosed = all === 1 && first?.inForce.mode !== "open" ? 1 : 0;
  const { found, summary } = t().list;
  return (filtered ? found : summary)({ total: total - all, closed: closed - allClosed });
}
