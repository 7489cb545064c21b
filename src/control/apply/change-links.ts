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

/** Links of one record, and access tokens: each change of a record is stored with all of them. */
export const MAX_LINKS = 100;

/**
 * Throws `ERR_INVALID_TIME` for a link that has expired already, `ERR_INVALID_COMMAND` for one until an open site opens and where
 * there are `MAX_LINKS` that have not expired.
 */
export function addLink(record: SiteRecord, { link }: AddLinkCommand, { now, by }: LinkContext): SiteRecord {
  if (link.untilOpen === true) requireClosed(record, now, "a link until it opens");
  const expires = link.expires === null ? null : resolveEnd(link.expires, now, "expires");
  const links = withRoom(record.links, now, `'${record.id}' has ${MAX_LINKS} links, and may have no more.`);
  return { ...record, links: [...links, { ...link, expires, created: { at: formatInstant(now), by } }] };
}

/** Without those that have expired where there is no room left. Throws `ERR_INVALID_COMMAND` with `message` when that makes none. */
export function withRoom<Item extends { readonly expires: string | null }>(
  items: readonly Item[],
  now: number,
  message: string,
): readonly Item[] {
  if (items.length < MAX_LINKS) return items;
  const current = items.filter(({ expires }) => expires === null || parseInstant(expires) > now);
  if (current.length < MAX_LINKS) return current;
  throw new MaintenanceError("ERR_INVALID_COMMAND", message, { hint: "Revoke those that are no longer needed first." });
}

/** Throws `ERR_INVALID_COMMAND` for a link that is not there. */
export function revokeLinks(record: SiteRecord, { links }: RevokeLinksCommand): SiteRecord {
  if (links === undefined) return { ...record, links: [], linkGeneration: record.linkGeneration + 1 };
  for (const id of links) {
    if (record.links.some((link) => link.id === id)) continue;
    const there = record.links.map((link) => `${link.id} (${link.label})`).join(", ");
    throw new MaintenanceError("ERR_INVALID_COMMAND", `'${record.id}' has no link '${id}'.`, {
      hint: there === "" ? "It has none." : `It has: ${there}.`,
    });
  }
  return { ...record, links: record.links.filter(({ id }) => !links.includes(id)) };
}
