import { type ReadonlySignal, signal } from "@preact/signals";
import type { SiteList, SiteView } from "../../../../src/admin/schema/responses.ts";
import { readSites } from "../../api.ts";

export interface ListQuery {
  readonly search: string;
  readonly mode: string;
  /** As the API names it; empty: by name. */
  readonly sort: string;
}

const PAGE = 50;
const MAX_LIMIT = 1_000;
const found = signal<SiteList | null>(null);
const asked = signal<ListQuery>({ search: "", mode: "", sort: "" });
let latest = 0;
let wanted = PAGE;
let reading: Promise<void> = Promise.resolve();

/** The sites that match, as far as they were read. */
export const siteList: ReadonlySignal<SiteList | null> = found;
export const listQuery: ReadonlySignal<ListQuery> = asked;

/** Reads the first page of what `query` finds. The answer to an earlier request that arrives later is dropped. */
export function searchSites(query: ListQuery): Promise<void> {
  asked.value = query;
  wanted = PAGE;
  return reloadSites();
}

/** Reads again as much as is shown or was asked for. */
export function reloadSites(): Promise<void> {
  reading = read();
  return reading;
}

/** Reads the next page: after the reloads that are under way, and as part of one that starts meanwhile. Neither loses the other's answer. */
export async function loadMoreSites(): Promise<void> {
  const before = length();
  wanted = Math.min(MAX_LIMIT, before + PAGE);
  await latestReload();
  const next = found.value?.next ?? null;
  if (next === null || length() > before) return;
  const turn = latest;
  const more = await readSites({ ...asked.value, after: next, limit: PAGE });
  if (turn === latest) found.value = { ...more, sites: [...(found.value?.sites ?? []), ...more.sites] };
}

/** A reload that starts while an earlier one is awaited drops the answer of that one: what counts is the last. */
async function latestReload(): Promise<void> {
  for (let turn = 0; turn !== latest; ) {
    turn = latest;
    await reading;
  }
}

/** Takes what is newer of sites that are listed. They stay where they are until the list is read again. */
export function keepListed(newer: readonly SiteView[]): void {
  const list = found.value;
  if (list === null) return;
  const closed = (sites: readonly SiteView[]): number => sites.filter(({ inForce }) => inForce.mode !== "open").length;
  const sites = list.sites.map((site) => newer.find(({ id }) => id === site.id) ?? site);
  found.value = { ...list, sites, closed: list.closed - closed(list.sites) + closed(sites) };
}

function length(): number {
  return found.value?.sites.length ?? 0;
}

async function read(): Promise<void> {
  latest += 1;
  const turn = latest;
  const list = await readSites({ ...asked.value, limit: wanted });
  if (turn === latest) found.value = list;
}
