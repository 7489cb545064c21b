import type { CompiledSite } from "../engine/compiled-site.ts";
import { inForce } from "../engine/in-force.ts";
import type { Snapshot } from "../engine/snapshot.ts";
import { unicodeHost } from "../rules/unicode-host.ts";
import { parseInstant } from "../state/instant.ts";
import { MODES, type Mode } from "../state/mode.ts";
import { ALL_SITES } from "../state/site-record.ts";
import type { Principal } from "./access/principal.ts";
import type { AdminContext } from "./admin-context.ts";
import type { SiteList } from "./api-types.ts";
import { forEachInSlices, sortInSlices } from "./in-slices.ts";
import { hostsOf, siteView } from "./site-view.ts";

export interface SiteQuery {
  readonly search?: string | undefined;
  /** That visitors meet. */
  readonly mode?: Mode | undefined;
  /** @default "id" */
  readonly sort?: SiteOrder | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
}

/** By id; the closed ones first; the ones that changed last first. `*` is always the first. */
export const SITE_ORDERS = ["id", "closed", "changed"] as const;
export type SiteOrder = (typeof SITE_ORDERS)[number];

/** Those that `principal` may see. In slices: there may be 100,000. */
export async function listSites(admin: AdminContext, principal: Principal, query: SiteQuery): Promise<SiteList> {
  const { snapshot, options } = admin.gate;
  const now = admin.now();
  const search = query.search?.toLowerCase();
  const matching: Weighed[] = [];
  let closed = 0;
  await forEachInSlices(await inOrder(snapshot), (site) => {
    if (!principal.may("view", site.id)) return;
    const { mode } = inForce(snapshot, site.id, "anywhere", now);
    if (mode !== "open") closed += 1;
    if (query.mode !== undefined && mode !== query.mode) return;
    if (search !== undefined && !matches(site, hostsOf(site, options), search)) return;
    matching.push({ site, weight: weightOf(site, query.sort, mode) });
  });
  const isById = query.sort === undefined || query.sort === "id";
  const weighed = isById ? matching : await sortInSlices(matching, (a, b) => compareWeights(a.weight, b.weight));
  const sorted = weighed.map(({ site }) => site);
  const rest = sorted.slice(placeAfter(sorted, query));
  const page = rest.slice(0, query.limit);
  return {
    sites: page.map((site) => siteView(admin, principal, site)),
    total: matching.length,
    closed,
    next: rest.length > page.length ? (page.at(-1)?.id ?? null) : null,
  };
}

const orders = new WeakMap<ReadonlyMap<string, CompiledSite>, Promise<readonly CompiledSite[]>>();

/** Sorted once per state, by whoever asks first. */
function inOrder({ sites }: Snapshot): Promise<readonly CompiledSite[]> {
  let order = orders.get(sites);
  if (order === undefined) {
    order = sortInSlices([...sites.values()], (a, b) => compareIds(a.id, b.id));
    orders.set(sites, order);
  }
  return order;
}

interface Weighed {
  readonly site: CompiledSite;
  readonly weight: number;
}

function weightOf({ id, stored: { changed } }: CompiledSite, order: SiteOrder = "id", mode: Mode): number {
  if (id === ALL_SITES) return Number.POSITIVE_INFINITY;
  return order === "closed" ? MODES.indexOf(mode) : changed === null ? 0 : parseInstant(changed.at);
}

function compareWeights(a: number, b: number): number {
  return a === b ? 0 : b - a;
}

/** By id a page goes on where its last site would be; in another order, where it is now. */
function placeAfter(sites: readonly CompiledSite[], { after, sort = "id" }: SiteQuery): number {
  if (after === undefined) return 0;
  const place = sites.findIndex(({ id }) => (sort === "id" ? compareIds(id, after) > 0 : id === after));
  if (place === -1) return sort === "id" ? sites.length : 0;
  return sort === "id" ? place : place + 1;
}

/** `*` first, then by code point. */
function compareIds(a: string, b: string): number {
  if (a === b) return 0;
  if (a === ALL_SITES || b === ALL_SITES) return a === ALL_SITES ? -1 : 1;
  return a < b ? -1 : 1;
}

function matches({ id, record }: CompiledSite, hosts: readonly string[], search: string): boolean {
  return [id, ...hosts, ...hosts.map(unicodeHost), record.notice.title].some((text) =>
    text.toLowerCase().includes(search),
  );
}
