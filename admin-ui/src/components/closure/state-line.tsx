import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { formats, t } from "../../language/current.ts";
import { fill } from "../../language/said-text.tsx";
import { zoneName } from "../../model/zone-name.ts";
import { now } from "../../state/session/server-clock.ts";
import { ModeBadge } from "./mode-badge.tsx";

/** The current mode for visitors of a site, its end as time and duration, and its origin if that is not the site's own switch. */
export function StateLine({ site }: { readonly site: SiteView }): JSX.Element {
  const { mode, until, by } = site.inForce;
  const end = until === null ? null : Date.parse(until);
  return (
    <p class="state">
      <ModeBadge mode={mode} />
      {end === null || end <= now.value ? null : (
        <span class="quiet">
          {fill(
            (moment) => t().state.until({ span: formats().span(end - now.value), end: moment, zone: zoneName() }),
            <time dateTime={until ?? ""}>{formats().hour(end, now.value)}</time>,
          )}
        </span>
      )}
      {mode === "open" || by === site.id ? null : <span class="quiet">{t().state.by(by)}</span>}
    </p>
  );
}
