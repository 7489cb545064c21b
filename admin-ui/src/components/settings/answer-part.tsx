import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { removeSite } from "../../api.ts";
import { t } from "../../language/current.ts";
import { editField, shownValue } from "../../model/edits.ts";
import { editsOf, setEdits } from "../../state/drafts/site-edits.ts";
import { announce } from "../../state/page/announcer.ts";
import { goTo } from "../../state/page/current-route.ts";
import { useAction } from "../../state/page/use-action.ts";
import { ProblemNote } from "../fields/problem-note.tsx";
import { useConfirm } from "../page/use-confirm.tsx";
import { EditRefusal } from "./edit-refusal.tsx";
import { SiteField } from "./site-field.tsx";

/** How the site answers while it is closed, and where. */
export function AnswerPart({ site }: { readonly site: SiteView }): JSX.Element {
  const texts = t().settings;
  return (
    <section class="stack-wide">
      <div>
        <h2 tabIndex={-1}>{texts.title}</h2>
        <EditRefusal site={site} />
      </div>
      <div class="stack">
        <h3>{texts.scope}</h3>
        <SiteField site={site} name="paths" label={texts.paths} hint={texts.pathsHint} kind="lines" />
        <Lockdown site={site} />
        {site.id === "*" ? null : (
          <SiteField
            site={site}
            name="hosts"
            label={site.configuredHosts.length === 0 ? texts.hosts : texts.moreHosts}
            hint={
              site.configuredHosts.length === 0 ? texts.hostsHint : texts.moreHostsHint(site.configuredHosts.join(", "))
            }
            kind="lines"
          />
        )}
      </div>
      <div class="stack">
        <h3>{texts.response}</h3>
        <div class="row">
          <SiteField
            site={site}
            name="response.statusCode"
            label={texts.status}
            hint={texts.statusHint}
            kind="number"
          />
          <SiteField
            site={site}
            name="response.retryAfter"
            label={texts.retryAfter}
            hint={texts.secondsHint}
            kind="number"
          />
          <SiteField site={site} name="response.refresh" label={texts.refresh} hint={texts.secondsHint} kind="number" />
        </div>
        <SiteField
          site={site}
          name="response.redirect"
          label={texts.redirect}
          hint={texts.redirectHint}
          kind="optional"
        />
      </div>
      {site.configured || site.id === "*" ? null : <RemoveSite site={site} />}
    </section>
  );
}

function Lockdown({ site }: { readonly site: SiteView }): JSX.Element {
  const shown = shownValue(site, editsOf(site.id), "lockdown");
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={shown === true}
        disabled={!site.may.includes("edit")}
        onChange={(event) =>
          setEdits(site.id, editField(site, editsOf(site.id), "lockdown", event.currentTarget.checked))
        }
      />
      <span>
        {t().settings.lockdown}
        <span class="hint">{t().settings.lockdownHint}</span>
      </span>
    </label>
  );
}

function RemoveSite({ site }: { readonly site: SiteView }): JSX.Element {
  const action = useAction();
  const confirm = useConfirm();
  const gone = useSignal(false);
  const remove = (): void => {
    void action.run(async () => {
      await removeSite(site);
      gone.value = true;
      announce(t().settings.removed(site.id));
      goTo({ view: "sites" });
    });
  };
  return (
    <div class="stack">
      <h3>{t().settings.removeTitle}</h3>
      <ProblemNote problem={action.problem} />
      <p class="actions">
        <button
          type="button"
          disabled={!site.may.includes("edit") || gone.value}
          onClick={() =>
            confirm.ask({
              title: t().settings.askRemove(site.id),
              text: t().settings.removeText,
              deed: t().removeItem(site.id),
              work: remove,
            })
          }
        >
          {t().settings.removeThis}
        </button>
      </p>
      {confirm.dialog}
    </div>
  );
}
