import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { SiteView } from "../../../../src/admin/schema/responses.ts";
import { ApiError, readSite } from "../../api.ts";
import { settleSiteEdits } from "../drafts/site-edits.ts";

/** A site as it was last read; a sentence when it could not be; `null` before. */
export type CachedSite = SiteView | string | null;

const sites = new Map<string, Signal<CachedSite>>();

export function siteSignal(id: string): ReadonlySignal<CachedSite> {
  return slot(id);
}

/** Keeps what the API has just returned. After a restore of the store its version may be lower than before. */
export function keepSite(site: SiteView): void {
  slot(site.id).value = site;
  settleSiteEdits(site);
}

/** The mode of the switch over everything, as far as it may be seen. */
export function everythingMode(): SiteView["mode"] {
  const all = slot("*").value;
  return all instanceof Object ? all.mode : "open";
}

export async function loadSite(id: string): Promise<void> {
  try {
    keepSite(await readSite(id));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // A site that was loaded before stays on display while the connection is lost.
    if (error.problem.status === 404 || !(slot(id).value instanceof Object)) slot(id).value = error.message;
    else throw error;
  }
}

function slot(id: string): Signal<CachedSite> {
  const held = sites.get(id) ?? signal<CachedSite>(null);
  sites.set(id, held);
  return held;
}
