import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { SiteView } from "../../../src/admin/api-types.ts";
import { CLOSING, type Closing, withEdits } from "../model/closing.ts";
import { endOf } from "../model/end-choice.ts";
import { exemptionSentence } from "../model/exemption-sentence.ts";
import { siteInSentence } from "../model/mode-words.ts";
import { refusal } from "../model/rights-words.ts";
import { routeTo } from "../model/route.ts";
import { closingSentence, openingSentence } from "../model/switch-sentence.ts";
import { agoWords } from "../model/time-words.ts";
import { health } from "../state/health.ts";
import { askToSwitch } from "../state/pending-switch.ts";
import { now } from "../state/server-clock.ts";
import { everythingMode } from "../state/site-cache.ts";
import { editsOf } from "../state/site-edits.ts";
import { BigSwitch } from "./big-switch.tsx";
import { ClosingFields } from "./closing-fields.tsx";
import { SiteField } from "./site-field.tsx";

/** The switch, what it will do, and how. */
export function SwitchPart({ site }: { readonly site: SiteView }): JSX.Element {
  const isOpen = site.mode === "open";
  const chosen = useSignal<Closing | null>(null);
  // What was chosen is done by then, or somebody else was faster and it has another meaning.
  useEffect(() => {
    chosen.value = null;
  }, [site.mode, site.until]);
  const standing: Closing = isOpen
    ? CLOSING
    : { mode: site.mode === "read-only" ? "read-only" : "closed", end: { kind: "as-now" } };
  const closing = chosen.value ?? standing;
  const currentEnd = site.until === null ? null : Date.parse(site.until);
  const until = endOf(closing.end, now.value, currentEnd);
  const refused =
    refusal(site.may, "switch", site.id) ??
    (health.value?.override == null ? null : "An override stands: the switch has no effect.");
  const draft = withEdits(site, editsOf(site.id));
  const sentence = closingSentence({
    sites: [site],
    mode: closing.mode,
    until: typeof until === "string" ? null : until,
    now: now.value,
    settings: draft,
    message: "",
  });
  const ask = (): void => askToSwitch({ deed: "close", sites: [site], closing });
  const changed = closing.mode !== standing.mode || closing.end.kind !== standing.end.kind;
  return (
    <section>
      <h2 class="unseen" tabIndex={-1}>
        Switch
      </h2>
      <BigSwitch
        site={site}
        refused={refused ?? (isOpen && typeof until === "string" ? until : null)}
        onPress={() => (isOpen ? ask() : askToSwitch({ deed: "open", sites: [site] }))}
      />
      {health.value?.override == null ? (
        <p class="sentence">{isOpen ? sentence : openingSentence([site], everythingMode())}</p>
      ) : null}
      <MetElsewhere site={site} />
      {isOpen ? <p class="quiet">{exemptionSentence(draft)}</p> : <ClosedBy site={site} />}
      <fieldset class="plain stack" disabled={refused !== null}>
        <legend class={isOpen ? "unseen" : "subheading"}>{isOpen ? "How to close it" : "How it is closed"}</legend>
        <ClosingFields
          closing={closing}
          onChange={(next) => {
            chosen.value = next;
          }}
          endError={typeof until === "string" ? until : ""}
          {...(isOpen ? {} : { currentEnd })}
        />
        {!isOpen && changed ? (
          <div class="stack">
            <p class="sentence">{sentence}</p>
            <div class="actions">
              <button type="button" class="primary" data-mode={closing.mode} onClick={ask}>
                Change {siteInSentence(site.id)}
              </button>
            </div>
          </div>
        ) : null}
      </fieldset>
      <div class="stack apart">
        <SiteField site={site} name="notice.message" label="Message for visitors" kind="area" />
        <p>
          <a href={routeTo({ view: "site", site: site.id, part: "message" })}>More texts, languages and a preview</a>
        </p>
      </div>
    </section>
  );
}

/** An open switch does not make an open site while another counts for it too. */
function MetElsewhere({ site }: { readonly site: SiteView }): JSX.Element | null {
  const { mode, by } = site.inForce;
  if (mode === "open" || by === site.id || health.value?.override != null) return null;
  return (
    <p>
      Its own switch is {site.mode}. What visitors meet is the switch of{" "}
      <a href={routeTo({ view: "site", site: by, part: "switch" })}>{siteInSentence(by)}</a>.
    </p>
  );
}

function ClosedBy({ site }: { readonly site: SiteView }): JSX.Element | null {
  const { changed } = site;
  if (changed === null) return null;
  return (
    <p class="quiet">
      Last changed by {changed.by.label}, {agoWords(Date.parse(changed.at), now.value)}
      {changed.reason === "" ? "." : `: ${changed.reason}`}
    </p>
  );
}
