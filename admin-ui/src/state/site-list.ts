import { type ReadonlySignal, signal } from "@preact/signals";
import type { SiteList, SiteView } from "../../../src/admin/api-types.ts";
import { readSites } from "../api.ts";

export interface ListQuery {
  readonly search: string;
  readonly mode: string;
  /** As the API names it; empty: by name. */
  readonly sort: string;
}

const PAGE = 50;
const found = signal<SiteList | null>(null);
const asked = signal<ListQuery>({ search: "", mode: "", sort: "" });
let latest = 0;

/** The sites that match, as far as they were read. */
export const siteList: ReadonlySignal<SiteList | null> = found;
export const listQuery: ReadonlySignal<ListQuery> = asked;

/** Reads the first page of what `query` finds. An answer that a newer question has overtaken is dropped. */
export function searchSites(query: ListQuery): Promise<void> {
  asked.value = query;
  return read(PAGE);
}

/** Reads again as much as is shown. */
export function reloadSites(): Promise<void> {
  return read(Math.min(1_000, Math.max(PAGE, found.value?.sites.length ?? 0)));
}

export async function loadMoreSites(): Promise<void> {
  const shown = found.value;
  if (shown?.next == null) return;
  const turn = latest;
  const more = await readSites({ ...asked.value, after: shown.next, limit: PAGE });
  if (turn === latest) found.value = { ...more, sites: [...shown.sites, ...more.sites] };
}

/** Takes what is newer of sites that are listed. They stay where they are until the list is read again. */
export function keepListed(newer: readonly SiteView[]): void {
  const list = found.value;
  if (list === null) return;
  const closed = (sites: readonly SiteView[]): number => sites.filter(({ inForce }) => inForce.mode !== "open").length;
  const sites = list.sites.map((site) => newer.find(({ id }) => id === site.id) ?? site);
  found.value = { ...list, sites, closed: list.closed - closed(list.sites) + closed(sites) };
}

async function read(limit: number): Promise<void> {
  latest += 1;
  const turn = latest;
  const list = await readSites({ ...asked.value, limit });
  if (turn === latest) found.value = list;
}
