import { type ReadonlySignal, signal } from "@preact/signals";
import type { Problem, SiteView } from "../../../../src/admin/schema/responses.ts";
import { ApiError, saveSite } from "../../api.ts";
import { t } from "../../language/current.ts";
import { conflictsOf, valuesOf } from "../../model/edits.ts";
import { settingsWith } from "../../model/field.ts";
import { announce } from "../page/announcer.ts";
import { focusFirstError } from "../page/use-action.ts";
import { noticeSignedOut } from "../session/session.ts";
import { keepSite } from "../sites/site-cache.ts";
import { interrupt } from "./interrupted.ts";
import { editsOf, setEdits } from "./site-edits.ts";

export interface SaveState {
  readonly site: string;
  readonly busy: boolean;
  readonly problem: Problem | null;
}

const current = signal<SaveState>({ site: "", busy: false, problem: null });

export const saveState: ReadonlySignal<SaveState> = current;

export function saveProblemOf(site: string): Problem | null {
  return current.value.site === site ? current.value.problem : null;
}

/** Saves everything that was typed for a site, on the version that is in view. When another user has saved first, both values are kept. */
export async function saveEdits(site: SiteView): Promise<void> {
  if (current.peek().busy) return;
  current.value = { site: site.id, busy: true, problem: null };
  let problem: Problem | null = null;
  try {
    const saved = await saveSite(site.id, settingsWith(site, valuesOf(editsOf(site.id))), site.version);
    setEdits(site.id, {});
    keepSite(saved);
    announce(t().saving.saved);
    leaveBar();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (noticeSignedOut(error)) {
      // On the version that was seen: what others have changed since is a conflict, and shown as one.
      interrupt(() => void saveEdits(site));
      current.value = { site: site.id, busy: false, problem: null };
      return;
    }
    problem = error.problem;
    if (problem.current !== undefined) {
      keepSite(problem.current);
      if (conflictsOf(problem.current, editsOf(site.id)).length > 0) problem = null;
    }
  }
  current.value = { site: site.id, busy: false, problem };
  if (problem !== null) focusFirstError();
}

export function discardEdits(site: string): void {
  const kept = editsOf(site);
  setEdits(site, {});
  current.value = { site, busy: false, problem: null };
  announce(t().saving.discarded, "done", async () => setEdits(site, kept));
  leaveBar();
}

/** The button that was pressed goes away with what there was to save. */
function leaveBar(): void {
  if (document.activeElement?.closest(".bar, .conflict")) document.querySelector<HTMLElement>("main h2")?.focus();
}
