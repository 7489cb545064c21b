import { MaintenanceError } from "../../errors.ts";
import { formatAddressRange } from "../../rules/addresses/format.ts";
import { requireBoundedExpressions, usesLinearRegExp } from "../../rules/linear-regexp.ts";
import { isClosedAt } from "../../schedule/timetable.ts";
import {
  ALL_SITES,
  type ExemptAddress,
  type Exemptions,
  type ExemptPath,
  type SiteRecord,
} from "../../state/site-record.ts";
import type { ValidExemptions } from "../command.ts";

/**
 * Adds exemptions at the end of the list. An existing one keeps its place and gets the new description, if there is one.
 * @throws `ERR_INVALID_PATTERN` if regular expressions are added and the list then has too many, or too costly ones.
 */
export function addExemptions(exemptions: Exemptions, added: ValidExemptions): Exemptions {
  const paths = merge(exemptions.paths, added.paths ?? [], patternOf);
  if (usesLinearRegExp((added.paths ?? []).map(patternOf))) requireBoundedExpressions(paths.map(patternOf));
  return {
    paths: vouched(paths, added.paths ?? [], patternOf),
    addresses: vouched(merge(exemptions.addresses, added.addresses ?? [], rangeOf), added.addresses ?? [], rangeOf),
  };
}

/** Adds exemptions that end with the closure. Throws `ERR_INVALID_COMMAND` for a site that is open. */
export function addClosureExemptions(record: SiteRecord, added: ValidExemptions, now: number): SiteRecord {
  requireClosed(record, now, "an exemption that ends when it opens");
  const exemptions = addExemptions(record.exemptions, added);
  if (JSON.stringify(exemptions) === JSON.stringify(record.exemptions)) return record;
  return { ...record, exemptions, restore: { exemptions: record.exemptions, ...record.restore } };
}

/** Adds permanent exemptions. While a closure has its own exemptions, they are also added to those that it restores. */
export function addLastingExemptions(record: SiteRecord, added: ValidExemptions): SiteRecord {
  return changeExemptions(record, (exemptions) => addExemptions(exemptions, added));
}

/** Removes exemptions, permanent ones and those of a closure. Throws `ERR_INVALID_COMMAND` for one that does not exist. */
export function removeExemptions(
  record: SiteRecord,
  patterns: readonly string[],
  ranges: readonly string[],
): SiteRecord {
  requireThere("paths", record.exemptions.paths.map(patternOf), patterns);
  requireThere("addresses", record.exemptions.addresses.map(rangeOf), ranges);
  return changeExemptions(record, ({ paths, addresses }) => ({
    paths: paths.filter((path) => !patterns.includes(patternOf(path))),
    addresses: addresses.filter((address) => !ranges.includes(rangeOf(address))),
  }));
}

/** Changes the exemptions of a record permanently: also those that are restored when its closure ends. */
function changeExemptions(record: SiteRecord, change: (exemptions: Exemptions) => Exemptions): SiteRecord {
  const { restore } = record;
  const lasting = restore?.exemptions;
  return {
    ...record,
    exemptions: change(record.exemptions),
    restore: lasting === undefined ? restore : { ...restore, exemptions: change(lasting) },
  };
}

/** Applies to `exemptions` the changes between `before` and `now`. */
export function mergeExemptions(exemptions: Exemptions, before: Exemptions, now: Exemptions): Exemptions {
  return {
    paths: mergeChanges(exemptions.paths, before.paths, now.paths, patternOf),
    addresses: mergeChanges(exemptions.addresses, before.addresses, now.addresses, rangeOf),
  };
}

function mergeChanges<Item extends { readonly description: string }>(
  items: readonly Item[],
  before: readonly Item[],
  now: readonly Item[],
  keyOf: (item: Item) => string,
): readonly Item[] {
  const [old, kept] = [new Set(before.map((item) => JSON.stringify(item))), new Set(now.map(keyOf))];
  const removed = new Set(before.map(keyOf).filter((key) => !kept.has(key)));
  return merge(
    items.filter((item) => !removed.has(keyOf(item))),
    now.filter((item) => !old.has(JSON.stringify(item))),
    keyOf,
  );
}

/** An exemption that is added again is no longer limited. If a limited caller adds it, `limitRecord` marks it again. */
function vouched<Item extends { readonly limited?: boolean }>(
  items: readonly Item[],
  added: readonly Item[],
  keyOf: (item: Item) => string,
): readonly Item[] {
  const keys = new Set(added.map(keyOf));
  return items.map((item) => {
    const { limited, ...rest } = item;
    return limited !== undefined && keys.has(keyOf(item)) ? (rest as Item) : item;
  });
}

function merge<Item extends { readonly description: string }>(
  items: readonly Item[],
  added: readonly Item[],
  keyOf: (item: Item) => string,
): readonly Item[] {
  const merged = new Map(items.map((item) => [keyOf(item), item]));
  for (const item of added) {
    const before = merged.get(keyOf(item));
    merged.set(keyOf(item), before !== undefined && item.description === "" ? before : item);
  }
  return [...merged.values()];
}

function requireThere(kind: string, there: readonly string[], keys: readonly string[]): void {
  const missing = keys.find((key) => !there.includes(key));
  if (missing === undefined) return;
  const listed = there.map((key) => `'${key}'`).join(", ");
  throw new MaintenanceError("ERR_INVALID_COMMAND", `'${missing}' is not among the exemptions.`, {
    hint: there.length === 0 ? `There are no exempt ${kind}.` : `Exempt ${kind}: ${listed}.`,
  });
}

function patternOf({ pattern }: ExemptPath): string {
  return pattern;
}

/** Returns the canonical spelling: a record may have been edited by hand. */
function rangeOf({ range }: ExemptAddress): string {
  return formatAddressRange(range);
}

/** Throws `ERR_INVALID_COMMAND` for an open site: `what` ends with a closure. */
export function requireClosed(record: SiteRecord, now: number, what: string): void {
  if (isClosedAt(record, now)) return;
  const name = record.id === ALL_SITES ? "The switch over all sites ('*')" : `'${record.id}'`;
  throw new MaintenanceError("ERR_INVALID_COMMAND", `${name} is open: ${what} needs a closed site.`, {
    hint: "Close the site first, or name a site that is closed.",
  });
}
