import { MaintenanceError } from "../../errors.ts";
import { instructionsOf } from "../../rules/linear-regexp.ts";
import { type Exemptions, NO_EXEMPTIONS, type SiteRecord } from "../../state/site-record.ts";

/**
 * Maximum items of each list of a record, and characters of its text, in a change by a limited caller. Each change validates, compiles
 * and describes the whole record while other requests wait.
 */
const MAX_LIMITED_ITEMS = 100;
const MAX_LIMITED_RECORD = 32_768;
/** Maximum instructions of all regular expressions of such a record: the first ones in a process take about 50 µs per instruction to compile. */
const MAX_LIMITED_INSTRUCTIONS = 500;

/**
 * Limits a change by a caller with rights on this site alone: new exemptions and links are marked as `limited`, so that they do not
 * apply while everything (`*`) or a group is closed. Existing ones without the mark keep their place.
 * @throws `ERR_INVALID_COMMAND` if the record becomes larger than such a caller may make it.
 */
export function limitRecord(before: SiteRecord, after: SiteRecord): SiteRecord {
  requireSmall(before, after);
  const lasting = before.restore?.exemptions ?? before.exemptions;
  const { restore } = after;
  const links = new Set(before.links.map(({ id }) => id));
  // A permanent exemption may also be used for the closure; one of the closure must not become permanent.
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

function requireSmall(before: SiteRecord, after: SiteRecord): void {
  const sizes = (record: SiteRecord): readonly (readonly [what: string, size: number, most: number])[] => [
    ...listsOf(record).map(([what, size]) => [what, size, MAX_LIMITED_ITEMS] as const),
    ["characters", textOf(record).length, MAX_LIMITED_RECORD],
    ["instructions of regular expressions", instructionsOf(patternsOf(record)), MAX_LIMITED_INSTRUCTIONS],
  ];
  const old = sizes(before);
  const tooLarge = sizes(after).find(([, size, most], index) => size > most && size > (old[index]?.[1] ?? 0));
  if (tooLarge === undefined) return;
  const [what, size, most] = tooLarge;
  throw new MaintenanceError(
    "ERR_INVALID_COMMAND",
    `'${after.id}' would have ${size} ${what}; the maximum is ${most}.`,
    {
      hint: "Remove some first, use a range or a prefix instead, or ask an operator with rights on everything.",
    },
  );
}

/** Returns the members that a caller writes, without those that a switch adds: a record that others have made large can still be switched. */
function textOf({ paths, exemptions, lockdown, notice, response }: SiteRecord): string {
  return JSON.stringify({ paths, exemptions, lockdown, notice, response });
}

/** Returns the maximum number of items in a list from a limited caller: that of a record, or more if one of `records` already has more. */
export function maxLimitedItems(records: readonly SiteRecord[]): number {
  return Math.max(MAX_LIMITED_ITEMS, ...records.flatMap(listsOf).map(([, size]) => size));
}

/** The same for the instructions of regular expressions. */
export function maxLimitedInstructions(records: readonly SiteRecord[]): number {
  return Math.max(MAX_LIMITED_INSTRUCTIONS, ...records.map((record) => instructionsOf(patternsOf(record))));
}

function patternsOf({ paths, exemptions }: SiteRecord): readonly string[] {
  return [...paths, ...exemptions.paths.map(({ pattern }) => pattern)];
}

function listsOf({ paths, exemptions, notice }: SiteRecord): readonly (readonly [what: string, size: number])[] {
  return [
    ["paths", paths.length],
    ["exempt paths", exemptions.paths.length],
    ["exempt addresses", exemptions.addresses.length],
    ["languages", Object.keys(notice.translations).length],
  ];
}

/** Returns `sent` with the marks of the record: only `limited: false` removes one. */
export function keepLimits(sent: Exemptions, { exemptions, restore }: SiteRecord): Exemptions {
  const marked = new Set(
    [exemptions, restore?.exemptions ?? NO_EXEMPTIONS]
      .flatMap((one): readonly Limitable[] => [...one.paths, ...one.addresses])
      .filter(({ limited }) => limited === true)
      .map(keyOf),
  );
  const keep = <Item extends Limitable>(item: Item): Item =>
    item.limited === undefined && marked.has(keyOf(item)) ? { ...item, limited: true } : unmarked(item);
  return { paths: sent.paths.map(keep), addresses: sent.addresses.map(keep) };
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
