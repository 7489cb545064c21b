import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/types.ts";
import { conflictsOf } from "../../model/edits.ts";
import { fieldLabel } from "../../model/field-words.ts";
import { plainWords, problemWords } from "../../model/problem-words.ts";
import { listWords } from "../../model/switch-sentence.ts";
import { count } from "../../model/time-words.ts";
import { discardEdits, saveEdits, saveProblemOf, saveState } from "../../state/drafts/save-site.ts";
import { editsOf } from "../../state/drafts/site-edits.ts";

/** What was typed and is not saved, wherever on the site's page one looks. */
export function SaveBar({ site }: { readonly site: SiteView }): JSX.Element {
  const edits = editsOf(site.id);
  const fields = Object.keys(edits);
  const problem = saveProblemOf(site.id);
  const hidden = fields.length === 0 || conflictsOf(site, edits).length > 0;
  return (
    <section class="bar" aria-label="Unsaved changes" hidden={hidden}>
      <div>
        <p role="status">
          {hidden ? "" : `${count(fields.length, "unsaved change")}: ${listWords(fields.map(fieldLabel))}`}
        </p>
        <div role="alert">{hidden || problem === null ? null : <SaveProblem site={site} />}</div>
      </div>
      <div class="actions">
        <button type="button" class="primary" onClick={() => saveEdits(site)}>
          {saveState.value.busy ? "One moment …" : "Save"}
        </button>
        <button type="button" class="link" onClick={() => discardEdits(site.id)}>
          Discard
        </button>
      </div>
    </section>
  );
}

function SaveProblem({ site }: { readonly site: SiteView }): JSX.Element | null {
  const problem = saveProblemOf(site.id);
  if (problem === null) return null;
  if (problem.current !== undefined) {
    const by = site.changed?.by.label ?? "Another person";
    return <p>{by} changed other settings of this site meanwhile. Save again to keep both.</p>;
  }
  const errors = problem.errors ?? [];
  if (errors.length === 0) return <p class="error">{problemWords(problem)}</p>;
  return (
    <ul class="errors">
      {errors.map(({ pointer, message }) => (
        <li key={pointer} class="error">
          {fieldLabel(
            pointer
              .slice(1)
              .replace(/\/\d+$/, "")
              .replaceAll("/", "."),
          )}
          : {plainWords(message)}
        </li>
      ))}
    </ul>
  );
}
