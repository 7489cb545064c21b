import { signal } from "@preact/signals";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { type Edits, NO_EDITS, settleEdits } from "../../model/edits.ts";

const all = signal<Readonly<Record<string, Edits>>>({});

/** Unsaved edits of a site. They are kept when the view changes or the site is loaded again. */
export function editsOf(site: string): Edits {
  return all.value[site] ?? NO_EDITS;
}

export function setEdits(site: string, edits: Edits): void {
  const others = Object.entries(all.value).filter(([id]) => id !== site);
  all.value = Object.fromEntries(Object.keys(edits).length === 0 ? others : [...others, [site, edits]]);
}

export function settleSiteEdits(site: SiteView): void {
  const edits = all.peek()[site.id];
  if (edits !== undefined) setEdits(site.id, settleEdits(site, edits));
}

/** A browser asks before it leaves a page on which something was typed and not saved. */
export function guardEdits(): void {
  addEventListener("beforeunload", (event) => {
    if (Object.keys(all.peek()).length > 0) event.preventDefault();
  });
}
