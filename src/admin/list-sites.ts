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

/** Those that `principal` may see. */
export function listSites(admin: AdminContext, principal: Principal, query: SiteQuery): SiteList {
  const { snapshot, options } = admin.gate;
  const now = admin.now();
  const modeOf = ({ id }: CompiledSite): Mode => inForce(snapshot, id, "anywhere", now).mode;
  const visible = inOrder(snapshot).filter(({ id }) => principal.may("view", id));
  const matching = visible.filter((site) => {
    if (query.mode !== undefined && modeOf(site) !== query.mode) return false;
    return query.search === undefined || matches(site, hostsOf(site, options), query.search.toLowerCase());
  });
  const sorted = query.sort === undefined || query.sort === "id" ? matching : sortBy(matching, query.sort, modeOf);
  const rest = sorted.slice(placeAfter(sorted, query));
  const page = rest.slice(0, query.limit);
  return {
    sites: page.map((site) => siteView(admin, principal, site)),
    total: matching.length,
    closed: visible.filter((site) => modeOf(site) !== "open").length,
    next: rest.length > page.length ? (page.at(-1)?.id ?? null) : null,
  };
}

const orders = new WeakMap<Snapshot, readonly CompiledSite[]>();

/** Sorted once per snapshot: there may be 100,000. */
function inOrder(snapshot: Snapshot): readonly CompiledSite[] {
  let order = orders.get(snapshot);
  if (order === undefined) {
    order = [...snapshot.sites.values()].sort((a, b) => compareIds(a.id, b.id));
    orders.set(snapshot, order);
  }
  return order;
}

function sortBy(sites: readonly CompiledSite[], order: SiteOrder, modeOf: (site: CompiledSite) => Mode) {
  const weight = (site: CompiledSite): number => {
    if (site.id === ALL_SITES) return Number.POSITIVE_INFINITY;
    const { changed } = site.stored;
    return order === "closed" ? MODES.indexOf(modeOf(site)) : changed === null ? 0 : parseInstant(changed.at);
  };
  const weighed = sites.map((site) => ({ site, weight: weight(site) }));
  return weighed.sort((a, b) => (a.weight === b.weight ? 0 : b.weight - a.weight)).map(({ site }) => site);
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
