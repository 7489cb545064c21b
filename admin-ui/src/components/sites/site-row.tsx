import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { unicodeHost } from "../../../../src/rules/hosts/unicode.ts";
import { t } from "../../language/current.ts";
import { siteName } from "../../model/mode-words.ts";
import { refusal } from "../../model/rights-words.ts";
import { routeTo } from "../../model/route.ts";
import { askToSwitch } from "../../state/drafts/pending-switch.ts";
import { isSelectable, select, selection } from "../../state/sites/selection.ts";
import { StateLine } from "../closure/state-line.tsx";

/** One site at a glance, with its switch. */
export function SiteRow({ site }: { readonly site: SiteView }): JSX.Element {
  const { id, mode, may } = site;
  const refused = refusal(may, "switch", id);
  const deed: "close" | "open" = mode === "open" ? "close" : "open";
  return (
    <li class="site-row">
      {id === "*" ? (
        <span />
      ) : (
        <input
          type="checkbox"
          aria-label={t().list.select(id)}
          checked={selection.value.has(id)}
          disabled={!isSelectable(site)}
          onChange={(event) => select([site], event.currentTarget.checked)}
        />
      )}
      <div class="site-words">
        <a class="site-name" href={routeTo({ view: "site", site: id, part: "switch" })}>
          {siteName(id)}
        </a>{" "}
        <span class="quiet">{hostsWords(site)}</span>
      </div>
      <StateLine site={site} />
      <button
        type="button"
        class="small-switch"
        disabled={refused !== null}
        title={refused ?? undefined}
        aria-label={deed === "close" ? t().close(id) : t().switching.open(id)}
        onClick={() =>
          askToSwitch(deed === "close" ? { deed, sites: [site], withFields: true } : { deed, sites: [site] })
        }
      >
        {deed === "close" ? t().switching.closeShort : t().switching.openShort}
      </button>
    </li>
  );
}

function hostsWords({ id, hosts }: SiteView): string {
  const texts = t().list;
  if (id === "*") return texts.everything;
  if (hosts.length === 0) return texts.group;
  const names = hosts.map(unicodeHost);
  const shown = names.length > 3 ? names.slice(0, 2) : names;
  return texts.hosts({ hosts: shown, more: names.length - shown.length });
}
