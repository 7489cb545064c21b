import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { formats, t } from "../../language/current.ts";
import { fill } from "../../language/said-text.tsx";
import { endChoiceOf, isChosen, modeOf, withClosure, withEdits } from "../../model/closure.ts";
import { endOf } from "../../model/end-choice.ts";
import { exemptionSentence } from "../../model/exemption-sentence.ts";
import { siteName } from "../../model/mode-words.ts";
import { refusal } from "../../model/rights-words.ts";
import { routeTo } from "../../model/route.ts";
import { closingSentences, openingSentences } from "../../model/switch-sentence.ts";
import { closureOf } from "../../state/drafts/closure-drafts.ts";
import { askToSwitch } from "../../state/drafts/pending-switch.ts";
import { editsOf } from "../../state/drafts/site-edits.ts";
import { focusFirstError } from "../../state/page/use-action.ts";
import { health } from "../../state/session/health.ts";
import { holds } from "../../state/session/holds.ts";
import { now } from "../../state/session/server-clock.ts";
import { everythingMode } from "../../state/sites/site-cache.ts";
import { Preview } from "../settings/preview.tsx";
import { BigSwitch } from "./big-switch.tsx";
import { ClosureFields } from "./closure-fields.tsx";
import { HeldNote } from "./held-note.tsx";

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
    refusal(site.may, "switch", site.id) ?? (health.value?.override == null ? null : t().switching.overridden);
  const draft = withClosure(withEdits(site, editsOf(site.id)), closure.value);
  const mode = modeOf(sites, closure.value);
  const sentence =
    typeof until === "string"
      ? t().effect.invalidEnd
      : closingSentences({ sites, mode, until, now: now.value, settings: draft, message: closure.value.message ?? "" });
  const ask = (): void => {
    tried.value = true;
    if (typeof until === "string") focusFirstError();
    else askToSwitch({ deed: "close", sites, withFields: false });
  };
  return (
    <section>
      <h2 class="unseen" tabIndex={-1}>
        {t().parts.switch}
      </h2>
      <BigSwitch
        site={site}
        refused={refused}
        onPress={() => (isOpen ? ask() : askToSwitch({ deed: "open", sites }))}
      />
      {health.value?.override == null ? (
        <p class="sentence">{isOpen ? sentence : openingSentences(sites, everythingMode())}</p>
      ) : null}
      <MetElsewhere site={site} />
      {holds.value
        .filter(({ sites }) => !isOpen && sites.includes(site.id))
        .map((held) => (
          <HeldNote key={held.id} held={held} />
        ))}
      <p class="quiet">
        <a href={routeTo({ view: "site", site: site.id, part: "exemptions" })}>{exemptionSentence(draft)}</a>
      </p>
      {isOpen ? null : <LastChange site={site} />}
      <fieldset class="plain stack" disabled={refused !== null}>
        <legend class="subheading">{isOpen ? t().switching.howToClose : t().switching.howClosed}</legend>
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
                {t().switching.change(site.id)}
              </button>
            </div>
          </div>
        ) : null}
      </fieldset>
      <PreviewOnDemand site={draft} until={typeof until === "number" ? until : null} />
      <p class="apart">
        <a href={routeTo({ view: "site", site: site.id, part: "message" })}>{t().switching.lastingTexts}</a>
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
      <summary>{t().switching.preview}</summary>
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
      {fill(
        (name) => t().state.elsewhere({ own: t().modes[site.mode], site: name }),
        <a href={routeTo({ view: "site", site: by, part: "switch" })}>{siteName(by)}</a>,
      )}
    </p>
  );
}

function LastChange({ site }: { readonly site: SiteView }): JSX.Element | null {
  const { changed } = site;
  if (changed === null) return null;
  const { at, by, reason } = changed;
  const ago = formats().ago(Date.parse(at), now.value);
  const words = t().state;
  return (
    <p class="quiet">
      {reason === "" ? words.changed({ by: by.label, ago }) : words.changedWhy({ by: by.label, ago, reason })}
    </p>
  );
}
