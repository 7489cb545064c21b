import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { HistoryPage } from "../../../../src/admin/schema/responses.ts";
import { readHistory } from "../../api.ts";
import { t } from "../../language/current.ts";
import type { HistoryFilter } from "../../model/route.ts";
import { useAction } from "../../state/page/use-action.ts";
import { useReading } from "../../state/page/use-reading.ts";
import { changes } from "../../state/sites/changes.ts";
import { ProblemNote } from "../fields/problem-note.tsx";
import { HistoryEntry } from "./history-entry.tsx";

const PAGE = 30;

/** The changes, newest first. Updated with each change. */
export function HistoryList({ filter }: { readonly filter: HistoryFilter }): JSX.Element {
  const page = useSignal<HistoryPage | null>(null);
  const action = useAction();
  const seen = changes.value;
  const { site, by, command } = filter;
  const problem = useReading(
    () => readHistory({ ...filter, limit: Math.min(1_000, Math.max(PAGE, page.peek()?.entries.length ?? 0)) }),
    (read) => {
      page.value = read;
    },
    [site, by, command, seen],
  );
  const shown = page.value;
  const more = async (): Promise<void> => {
    if (shown?.next == null) return;
    const older = await readHistory({ ...filter, before: shown.next, limit: PAGE });
    page.value = { ...older, entries: [...shown.entries, ...older.entries] };
  };
  return (
    <>
      <ProblemNote problem={action.problem ?? problem} />
      {shown !== null && shown.entries.length === 0 ? <p class="quiet">{t().history.none}</p> : null}
      <ol class="history">
        {(shown?.entries ?? []).map((entry) => (
          <HistoryEntry key={entry.version} entry={entry} />
        ))}
      </ol>
      {shown?.next == null ? null : (
        <p class="actions">
          <button type="button" onClick={() => action.run(more)}>
            {t().history.older}
          </button>
        </p>
      )}
    </>
  );
}
