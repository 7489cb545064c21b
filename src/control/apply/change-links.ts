import { MaintenanceError } from "../../errors.ts";
import type { Actor } from "../../state/actor.ts";
import { resolveEnd } from "../../state/end.ts";
import { formatInstant, parseInstant } from "../../state/instant.ts";
import type { SiteRecord } from "../../state/site-record.ts";
import type { AddLinkCommand, RevokeLinksCommand } from "../command.ts";
import { requireClosed } from "./exemption-list.ts";

interface LinkContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly by: Actor;
}

/** Maximum number of links of a record, and of access tokens: each change stores the whole record. */
export const MAX_LINKS = 100;

/**
 * Throws `ERR_INVALID_TIME` for an expiry in the past; `ERR_INVALID_COMMAND` for `untilOpen` while the site is open, and if there are
 * `MAX_LINKS` unexpired links.
 */
export function addLink(record: SiteRecord, { link }: AddLinkCommand, { now, by }: LinkContext): SiteRecord {
  if (link.untilOpen === true) requireClosed(record, now, "a link that ends when it opens");
  const expires = link.expires === null ? null : resolveEnd(link.expires, now, "expires");
  const links = withRoom(record.links, now, `'${record.id}' has ${MAX_LINKS} links; more are not possible.`);
  return { ...record, links: [...links, { ...link, expires, created: { at: formatInstant(now), by } }] };
}

/**
 * Returns `items`, without the expired ones if there is no room for another. Throws `ERR_INVALID_COMMAND` with `message` if there still
 * is none.
 */
export function withRoom<Item extends { readonly expires: string | null }>(
  items: readonly Item[],
  now: number,
  message: string,
): readonly Item[] {
  if (items.length < MAX_LINKS) return items;
  const current = items.filter(({ expires }) => expires === null || parseInstant(expires) > now);
  if (current.length < MAX_LINKS) return current;
  throw new MaintenanceError("ERR_INVALID_COMMAND", message, { hint: "First revoke those that are no longer needed." });
}

/** Throws `ERR_INVALID_COMMAND` for a link that does not exist. */
export function revokeLinks(record: SiteRecord, { links }: RevokeLinksCommand): SiteRecord {
  if (links === undefined) return { ...record, links: [], linkGeneration: record.linkGeneration + 1 };
  for (const id of links) {
    if (record.links.some((link) => link.id === id)) continue;
    const there = record.links.map((link) => `${link.id} (${link.label})`).join(", ");
    throw new MaintenanceError("ERR_INVALID_COMMAND", `'${record.id}' has no link '${id}'.`, {
      hint: there === "" ? "It has no links." : `It has: ${there}.`,
    });
  }
  return { ...record, links: record.links.filter(({ id }) => !links.includes(id)) };
}
