import { type ReadonlySignal, signal } from "@preact/signals";
import type { SiteList } from "../../../src/admin/api-types.ts";
import { readSites } from "../api.ts";

export interface ListQuery {
  readonly search: string;
  readonly mode: string;
}

const PAGE = 50;
const found = signal<SiteList | null>(null);
const asked = signal<ListQuery>({ search: "", mode: "" });
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

async function read(limit: number): Promise<void> {
  latest += 1;
  const turn = latest;
  const list = await readSites({ ...asked.value, limit });
  if (turn === latest) found.value = list;
}
