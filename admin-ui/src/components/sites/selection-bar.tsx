import type { JSX } from "preact";
import { count } from "../../model/time-words.ts";
import { askToSwitch } from "../../state/drafts/pending-switch.ts";
import { clearSelection, selection } from "../../state/sites/selection.ts";

/** What can be done with the sites that were ticked. */
export function SelectionBar(): JSX.Element {
  const sites = [...selection.value.values()];
  return (
    <section class="bar" aria-label="Selected sites" hidden={sites.length === 0}>
      <p role="status">{sites.length === 0 ? "" : `${count(sites.length, "site")} selected`}</p>
      <div class="actions">
        <button
          type="button"
          data-mode="closed"
          onClick={() => askToSwitch({ deed: "close", sites, withFields: true })}
        >
          Close
        </button>
        <button type="button" data-mode="open" onClick={() => askToSwitch({ deed: "open", sites })}>
          Open
        </button>
        <button type="button" class="link" onClick={clearSelection}>
          Select none
        </button>
      </div>
    </section>
  );
}
