import { type ReadonlySignal, signal } from "@preact/signals";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";

const current = signal<ReadonlyMap<string, SiteView>>(new Map());

/** The selected sites by id, including those that the current search hides. */
export const selection: ReadonlySignal<ReadonlyMap<string, SiteView>> = current;

/** The switch over everything is never selected along with others: ticking all shown sites means those, and not every other. */
export function isSelectable({ id, may }: SiteView): boolean {
  return id !== "*" && may.includes("switch");
}

export function select(sites: readonly SiteView[], selected: boolean): void {
  const next = new Map(current.value);
  for (const site of sites) {
    if (selected) next.set(site.id, site);
    else next.delete(site.id);
  }
  current.value = next;
}

export function clearSelection(): void {
  current.value = new Map();
}
