import type { JSX } from "preact";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { t } from "../../language/current.ts";
import { fill, SaidText } from "../../language/said-text.tsx";
import { conflictsOf } from "../../model/edits.ts";
import { fieldLabel } from "../../model/field-words.ts";
import { messageWords } from "../../model/problem-errors.ts";
import { problemWords } from "../../model/problem-words.ts";
import { discardEdits, saveEdits, saveProblemOf, saveState } from "../../state/drafts/save-site.ts";
import { editsOf } from "../../state/drafts/site-edits.ts";

/** The bar for unsaved edits, on every view of the site's page. */
export function SaveBar({ site }: { readonly site: SiteView }): JSX.Element {
  const texts = t().saving;
  const edits = editsOf(site.id);
  const fields = Object.keys(edits);
  const problem = saveProblemOf(site.id);
  const hidden = fields.length === 0 || conflictsOf(site, edits).length > 0;
  return (
    <section class="bar" aria-label={texts.bar} hidden={hidden}>
      <div>
        <p role="status">{hidden ? "" : texts.unsaved({ count: fields.length, fields: fields.map(fieldLabel) })}</p>
        <div role="alert">{hidden || problem === null ? null : <SaveProblem site={site} />}</div>
      </div>
      <div class="actions">
        <button type="button" class="primary" onClick={() => saveEdits(site)}>
          {saveState.value.busy ? t().working : texts.save}
        </button>
        <button type="button" class="link" onClick={() => discardEdits(site.id)}>
          {texts.discard}
        </button>
      </div>
    </section>
  );
}

function SaveProblem({ site }: { readonly site: SiteView }): JSX.Element | null {
  const problem = saveProblemOf(site.id);
  if (problem === null) return null;
  if (problem.current !== undefined) {
    const by = site.changed?.by.label;
    const { otherChanged, otherChangedUnknown } = t().saving;
    return <p>{by === undefined ? otherChangedUnknown : otherChanged(by)}</p>;
  }
  const errors = problem.errors ?? [];
  if (errors.length === 0)
    return (
      <p class="error">
        <SaidText said={problemWords(problem)} />
      </p>
    );
  return (
    <ul class="errors">
      {errors.map(({ pointer, message }) => (
        <li key={pointer} class="error">
          {fill(
            (said) => t().saving.error({ field: fieldLabel(keyOf(pointer)), problem: said }),
            <SaidText said={messageWords(problem, message)} />,
          )}
        </li>
      ))}
    </ul>
  );
}

/** `notice.title` for `/title`, and `paths` for `/paths/3`. */
function keyOf(pointer: string): string {
  const key = pointer
    .slice(1)
    .replace(/\/\d+$/, "")
    .replaceAll("/", ".");
  if (/^(?:title|message|translations|moreUrl)\b/.test(key)) return `notice.${key}`;
  return /^(?:statusCode|retryAfter|refresh|redirect)$/.test(key) ? `response.${key}` : key;
}
