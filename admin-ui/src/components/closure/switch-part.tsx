import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { SiteView } from "../../../../src/admin/schema/types.ts";
import { endChoiceOf, isChosen, modeOf, withClosure, withEdits } from "../../model/closure.ts";
import { endOf } from "../../model/end-choice.ts";
import { exemptionSentence } from "../../model/exemption-sentence.ts";
import { siteInSentence } from "../../model/mode-words.ts";
import { refusal } from "../../model/rights-words.ts";
import { routeTo } from "../../model/route.ts";
import { closingSentence, openingSentence } from "../../model/switch-sentence.ts";
import { agoWords } from "../../model/time-words.ts";
import { closureOf } from "../../state/drafts/closure-drafts.ts";
import { askToSwitch } from "../../state/drafts/pending-switch.ts";
import { editsOf } from "../../state/drafts/site-edits.ts";
import { focusFirstError } from "../../state/page/use-action.ts";
import { health } from "../../state/session/health.ts";
import { now } from "../../state/session/server-clock.ts";
import { everythingMode } from "../../state/sites/site-cache.ts";
import { Preview } from "../settings/preview.tsx";
import { BigSwitch } from "./big-switch.tsx";
import { ClosureFields } from "./closure-fields.tsx";

/** The switch, what it will do, and how. */
export function SwitchPart({ site }: { readonly site: SiteView }): JSX.Element {
  const sites = [site];
  const isOpen = site.mode === "open";
  const closure = closureOf(sites);
  const tried = useSignal(false);
  const until = endOf(
    endChoiceOf(sites, closure.value),
    now.value,
    site.until === null ? null : Date.parse(site.until),
  );
  const refused =
    refusal(site.may, "switch", site.id) ??
    (health.value?.override == null ? null : "An override is set: the switch has no effect.");
  const draft = withClosure(withEdits(site, editsOf(site.id)), closure.value);
  const mode = modeOf(sites, closure.value);
  const sentence =
    typeof until === "string"
      ? "Choose another end first."
      : closingSentence({ sites, mode, until, now: now.value, settings: draft, message: closure.value.message ?? "" });
  const ask = (): void => {
    tried.value = true;
    if (typeof until === "string") focusFirstError();
    else askToSwitch({ deed: "close", sites, withFields: false });
  };
  return (
    <section>
      <h2 class="unseen" tabIndex={-1}>
        Switch
      </h2>
      <BigSwitch
        site={site}
        refused={refused}
        onPress={() => (isOpen ? ask() : askToSwitch({ deed: "open", sites }))}
      />
      {health.value?.override == null ? (
        <p class="sentence">{isOpen ? sentence : openingSentence(sites, everythingMode())}</p>
      ) : null}
      <MetElsewhere site={site} />
      <p class="quiet">
        <a href={routeTo({ view: "site", site: site.id, part: "exemptions" })}>{exemptionSentence(draft)}</a>
      </p>
      {isOpen ? null : <LastChange site={site} />}
      <fieldset class="plain stack" disabled={refused !== null}>
        <legend class="subheading">{isOpen ? "How to close it" : "How it is closed"}</legend>
        <ClosureFields
          sites={sites}
          closure={closure}
          endError={typeof until === "string" ? until : ""}
          noticeError=""
        />
        {!isOpen && isChosen(closure.value) ? (
          <div class="stack">
            <p class="sentence">{sentence}</p>
            <div class="actions">
              <button type="button" class="primary" data-mode={mode} onClick={ask}>
                Change {siteInSentence(site.id)}
              </button>
            </div>
          </div>
        ) : null}
      </fieldset>
      <PreviewOnDemand site={draft} until={typeof until === "number" ? until : null} />
      <p class="apart">
        <a href={routeTo({ view: "site", site: site.id, part: "message" })}>
          Texts that stay, a title and a status page
        </a>
      </p>
    </section>
  );
}

function PreviewOnDemand({ site, until }: { readonly site: SiteView; readonly until: number | null }): JSX.Element {
  const shown = useSignal(false);
  const details = useRef<HTMLDetailsElement>(null);
  return (
    <details
      ref={details}
      class="apart"
      onToggle={() => {
        shown.value = details.current?.open ?? false;
      }}
    >
      <summary>Preview</summary>
      {shown.value ? <Preview site={site} until={until} language="" withoutHeading /> : null}
    </details>
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

function LastChange({ site }: { readonly site: SiteView }): JSX.Element | null {
  const { changed } = site;
  if (changed === null) return null;
  return (
    <p class="quiet">
      Last changed by {changed.by.label}, {agoWords(Date.parse(changed.at), now.value)}
      {changed.reason === "" ? "." : `: ${changed.reason}`}
    </p>
  );
}
