import type { JSX } from "preact";
import { t } from "../../language/current.ts";
import { askToSwitch } from "../../state/drafts/pending-switch.ts";
import { clearSelection, selection } from "../../state/sites/selection.ts";

/** The actions for the selected sites. */
export function SelectionBar(): JSX.Element {
  const sites = [...selection.value.values()];
  return (
    <section class="bar" aria-label={t().list.selection} hidden={sites.length === 0}>
      <p role="status">{sites.length === 0 ? "" : t().list.selected(sites.length)}</p>
      <div class="actions">
        <button
          type="button"
          data-mode="closed"
          onClick={() => askToSwitch({ deed: "close", sites, withFields: true })}
        >
          {t().switching.closeShort}
        </button>
        <button type="button" data-mode="open" onClick={() => askToSwitch({ deed: "open", sites })}>
          {t().switching.openShort}
        </button>
        <button type="button" class="link" onClick={clearSelection}>
          {t().list.selectNone}
        </button>
      </div>
    </section>
  );
}
