import { inForce } from "../../engine/decide/in-force.ts";
import type { CompiledSite } from "../../engine/snapshot/compiled-site.ts";
import { unicodeHost } from "../../rules/hosts/unicode.ts";
import { parseInstant } from "../../state/instant.ts";
import { MODES, type Mode } from "../../state/mode.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { Principal } from "../access/principal.ts";
import type { AdminContext } from "../admin-context.ts";
import { nextTurn } from "../http/in-slices.ts";
import type { SiteList, SiteView } from "../schema/responses.ts";
import { hostsOf, siteView } from "./site-view.ts";
import { forEachVisible } from "./visible-sites.ts";

export interface SiteQuery {
  readonly search?: string | undefined;
  /** The mode for visitors. */
  readonly mode?: Mode | undefined;
  /** @default "id" */
  readonly sort?: SiteOrder | undefined;
  readonly limit: number;
  readonly after?: string | undefined;
}

/** `id`: by id. `closed`: closed sites first. `changed`: the last changed first. `*` always comes first. */
export const SITE_ORDERS = ["id", "closed", "changed"] as const;
export type SiteOrder = (typeof SITE_ORDERS)[number];

/** Characters after which a page ends before its limit: an answer is serialised at once, some 5 ms for so many. */
const MAX_PAGE_CHARACTERS = 1_000_000;
/** Characters of sites that are described at once: some 10 ms, for the warnings about their exemptions. */
const MAX_SLICE_CHARACTERS = 100_000;

/** Returns the sites that `principal` may see. Only the page is sorted: of 100,000 sites most are looked at once. */
export async function listSites(admin: AdminContext, principal: Principal, query: SiteQuery): Promise<SiteList> {
  const { snapshot, options } = admin.gate;
  const now = admin.now();
  const { sort = "id", limit } = query;
  const search = query.search?.toLowerCase();
  const modeOf = ({ id }: CompiledSite): Mode => inForce(snapshot, id, "anywhere", now).mode;
  const isWanted = (site: CompiledSite, mode: Mode): boolean =>
    (query.mode === undefined || mode === query.mode) &&
    (search === undefined || matches(site, hostsOf(site, options), search));
  const start = placeAfter();
  // With the first of the next page, if there is one.
  const page: Placed[] = [];
  let [total, closed] = [0, 0];
  await forEachVisible(snapshot, principal, (site) => {
    const mode = modeOf(site);
    if (mode !== "open") closed += 1;
    if (!isWanted(site, mode)) return;
    total += 1;
    const placed = { id: site.id, weight: weightOf(site, sort, mode), site };
    if (start === null || comparePlaces(start, placed) < 0) insert(page, placed, limit + 1);
  });
  const shown: SiteView[] = [];
  let [characters, inSlice] = [0, 0];
  for (const { site } of page.slice(0, limit)) {
    if (characters > MAX_PAGE_CHARACTERS) break;
    if (inSlice > MAX_SLICE_CHARACTERS) {
      await nextTurn();
      inSlice = 0;
    }
    const view = siteView(admin, principal, site);
    const { length } = JSON.stringify(view);
    characters += length;
    inSlice += length;
    shown.push(view);
  }
  return { sites: shown, total, closed, next: page.length > shown.length ? (shown.at(-1)?.id ?? null) : null };

  /** By id, a page continues after its last site, also if that is gone; in another order after its current place, or else from the start. */
  function placeAfter(): Place | null {
    const { after } = query;
    if (after === undefined) return null;
    if (sort === "id") return { id: after, weight: after === ALL_SITES ? Number.POSITIVE_INFINITY : 0 };
    const site = snapshot.sites.get(after);
    if (site === undefined || !principal.may("view", after) || !isWanted(site, modeOf(site))) return null;
    return { id: after, weight: weightOf(site, sort, modeOf(site)) };
  }
}

interface Place {
  readonly id: string;
  readonly weight: number;
}

interface Placed extends Place {
  readonly site: CompiledSite;
}

/** Inserts into the sorted page and keeps the first `most`. */
function insert(page: Placed[], placed: Placed, most: number): void {
  const last = page.at(-1);
  if (page.length === most && last !== undefined && comparePlaces(last, placed) < 0) return;
  let [from, to] = [0, page.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const there = page[middle];
    if (there !== undefined && comparePlaces(there, placed) < 0) from = middle + 1;
    else to = middle;
  }
  page.splice(from, 0, placed);
  if (page.length > most) page.pop();
}

function weightOf({ id, stored: { changed } }: CompiledSite, order: SiteOrder, mode: Mode): number {
  if (id === ALL_SITES) return Number.POSITIVE_INFINITY;
  if (order === "id") return 0;
  return order === "closed" ? MODES.indexOf(mode) : changed === null ? 0 : parseInstant(changed.at);
}

/** Sorts the heaviest first, then by code point. */
function comparePlaces(a: Place, b: Place): number {
  if (a.weight !== b.weight) return b.weight - a.weight;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

function matches({ id, record }: CompiledSite, hosts: readonly string[], search: string): boolean {
  return [id, ...hosts, ...hosts.map(unicodeHost), record.notice.title].some((text) =>
    text.toLowerCase().includes(search),
  );
}
