import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/types.ts";
import { removeSite } from "../../api.ts";
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
  return (
    <section class="stack-wide">
      <div>
        <h2 tabIndex={-1}>Settings</h2>
        <EditRefusal site={site} />
      </div>
      <div class="stack">
        <h3>What is closed</h3>
        <SiteField
          site={site}
          name="paths"
          label="Only these paths"
          hint="One a line, such as /checkout/*. Left empty, the whole site is closed."
          kind="lines"
        />
        <Lockdown site={site} />
        {site.id === "*" ? null : (
          <SiteField
            site={site}
            name="hosts"
            label={site.configuredHosts.length === 0 ? "Hosts" : "More hosts"}
            hint={
              site.configuredHosts.length === 0
                ? "One a line, such as shop.example."
                : `One a line, besides ${site.configuredHosts.join(", ")}, which the configuration gives.`
            }
            kind="lines"
          />
        )}
      </div>
      <div class="stack">
        <h3>The answer</h3>
        <div class="row">
          <SiteField
            site={site}
            name="response.status"
            label="Status code"
            hint="400 to 599; empty: 503"
            kind="number"
          />
          <SiteField
            site={site}
            name="response.retryAfter"
            label="Retry-After"
            hint="Seconds; 0 leaves it out"
            kind="number"
          />
          <SiteField
            site={site}
            name="response.refresh"
            label="Refresh"
            hint="Seconds; 0 leaves it out"
            kind="number"
          />
        </div>
        <SiteField
          site={site}
          name="response.redirect"
          label="Redirect"
          hint="A path such as /down, or a whole address, to send browsers to in place of the page."
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
        Lockdown
        <span class="hint">While closed, no exemption counts. This admin stays within reach.</span>
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
      announce(`${site.id} is removed.`);
      goTo({ view: "sites" });
    });
  };
  return (
    <div class="stack">
      <h3>Remove</h3>
      <ProblemNote problem={action.problem} />
      <p class="actions">
        <button
          type="button"
          disabled={!site.may.includes("edit") || gone.value}
          onClick={() =>
            confirm.ask({
              title: `Remove ${site.id}?`,
              text: "Its settings, exemptions and links go with it. This cannot be undone.",
              deed: `Remove ${site.id}`,
              work: remove,
            })
          }
        >
          Remove this site
        </button>
      </p>
      {confirm.dialog}
    </div>
  );
}
