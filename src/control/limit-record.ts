import { type Exemptions, NO_EXEMPTIONS, type SiteRecord } from "../state/site-record.ts";

/**
 * What a change by someone with rights on this site alone leaves: exemptions and links that are new are marked as `limited`, so that
 * they do not count while everything (`*`) or a group is closed. What was there without that mark keeps its place.
 */
export function limitRecord(before: SiteRecord, after: SiteRecord): SiteRecord {
  const lasting = before.restore?.exemptions ?? before.exemptions;
  const { restore } = after;
  const links = new Set(before.links.map(({ id }) => id));
  // What lasts may also be used for the closure; what was made for a closure does not come to last.
  const vouched = restore?.exemptions === undefined ? [lasting] : [lasting, before.exemptions];
  return {
    ...after,
    exemptions: limitExemptions(after.exemptions, vouched),
    restore:
      restore?.exemptions === undefined
        ? restore
        : { ...restore, exemptions: limitExemptions(restore.exemptions, [lasting]) },
    links: after.links.every(({ id }) => links.has(id))
      ? after.links
      : after.links.map((link) => (links.has(link.id) ? link : { ...link, limited: true })),
  };
}

/** Settings as they are sent back with the marks that the record has: only `limited: false` takes one away. */
export function keepLimits(sent: Exemptions, { exemptions, restore }: SiteRecord): Exemptions {
  const marked = [exemptions, restore?.exemptions ?? NO_EXEMPTIONS];
  const keep = <Item extends Limitable>(items: readonly Item[], lists: readonly (readonly Item[])[]) =>
    items.map((item) => {
      const isMarked = lists.flat().some((one) => one.limited === true && keyOf(one) === keyOf(item));
      return item.limited === undefined && isMarked ? { ...item, limited: true } : unmarked(item);
    });
  return {
    paths: keep(
      sent.paths,
      marked.map(({ paths }) => paths),
    ),
    addresses: keep(
      sent.addresses,
      marked.map(({ addresses }) => addresses),
    ),
  };
}

type Limitable = (Exemptions["paths"] | Exemptions["addresses"])[number];

function limitExemptions({ paths, addresses }: Exemptions, vouched: readonly Exemptions[]): Exemptions {
  const full = new Set(
    vouched
      .flatMap((one): readonly Limitable[] => [...one.paths, ...one.addresses])
      .filter(({ limited }) => limited !== true)
      .map(keyOf),
  );
  const limit = <Item extends Limitable>(item: Item): Item =>
    full.has(keyOf(item)) ? unmarked(item) : { ...item, limited: true };
  return { paths: paths.map(limit), addresses: addresses.map(limit) };
}

function unmarked<Item extends Limitable>(item: Item): Item {
  if (item.limited === undefined) return item;
  const { limited, ...rest } = item;
  return (limited ? item : rest) as Item;
}

function keyOf(item: Limitable): string {
  return "range" in item ? `address ${item.range}` : `path ${item.pattern}`;
}
