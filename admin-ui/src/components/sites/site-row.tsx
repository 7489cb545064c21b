import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/types.ts";
import { unicodeHost } from "../../../../src/rules/hosts/unicode.ts";
import { siteInSentence, siteName } from "../../model/mode-words.ts";
import { refusal } from "../../model/rights-words.ts";
import { routeTo } from "../../model/route.ts";
import { count } from "../../model/time-words.ts";
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
          aria-label={`Select ${id}`}
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
        aria-label={`${deed === "close" ? "Close" : "Open"} ${siteInSentence(id)}`}
        onClick={() =>
          askToSwitch(deed === "close" ? { deed, sites: [site], withFields: true } : { deed, sites: [site] })
        }
      >
        {deed === "close" ? "Close" : "Open"}
      </button>
    </li>
  );
}

function hostsWords({ id, hosts }: SiteView): string {
  if (id === "*") return "The switch over everything";
  const [first, second, ...more] = hosts.map(unicodeHost);
  if (first === undefined) return "A group, without hosts of its own";
  if (second === undefined) return first;
  return more.length === 0 ? `${first}, ${second}` : `${first}, ${second} and ${count(more.length, "more host")}`;
}
