import { MaintenanceError } from "../errors.ts";
import type { Actor } from "../state/actor.ts";
import { resolveEnd } from "../state/end.ts";
import { formatInstant } from "../state/instant.ts";
import type { SiteRecord } from "../state/site-record.ts";
import type { AddLinkCommand, RevokeLinksCommand } from "./command.ts";
import { requireClosed } from "./require-closed.ts";

interface LinkContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly by: Actor;
}

/** Throws `ERR_INVALID_TIME` for a link that has expired already, `ERR_INVALID_COMMAND` for one until an open site opens. */
export function addLink(record: SiteRecord, { link }: AddLinkCommand, { now, by }: LinkContext): SiteRecord {
  if (link.untilOpen === true) requireClosed(record, now, "a link until it opens");
  const expires = link.expires === null ? null : resolveEnd(link.expires, now, "expires");
  return { ...record, links: [...record.links, { ...link, expires, created: { at: formatInstant(now), by } }] };
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
