import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/types.ts";
import { siteInSentence } from "../../model/mode-words.ts";
import { hourWords, spanWords, zoneName } from "../../model/time-words.ts";
import { now } from "../../state/session/server-clock.ts";
import { ModeBadge } from "./mode-badge.tsx";

/** What the visitors of a site meet now: the mode, the end said twice, and where it comes from when not from its own switch. */
export function StateLine({ site }: { readonly site: SiteView }): JSX.Element {
  const { mode, until, by } = site.inForce;
  const end = until === null ? null : Date.parse(until);
  return (
    <p class="state">
      <ModeBadge mode={mode} />
      {end === null || end <= now.value ? null : (
        <span class="quiet">
          for {spanWords(end - now.value)}, until <time dateTime={until ?? ""}>{hourWords(end, now.value)}</time> (
          {zoneName()})
        </span>
      )}
      {mode === "open" || by === site.id ? null : <span class="quiet">by {siteInSentence(by)}</span>}
    </p>
  );
}
