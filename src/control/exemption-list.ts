import { MaintenanceError } from "../errors.ts";
import type { Exemptions, SiteRecord } from "../state/site-record.ts";
import type { NewExemptions } from "./command.ts";

/** Added at the end; one that stands already keeps its place and takes the new description, if there is one. */
export function addExemptions(exemptions: Exemptions, added: NewExemptions): Exemptions {
  return {
    paths: merge(exemptions.paths, added.paths ?? [], ({ pattern }) => pattern),
    addresses: merge(exemptions.addresses, added.addresses ?? [], ({ range }) => range),
  };
}

/** Throws `ERR_INVALID_COMMAND` for one that does not stand there. */
export function removeExemptions(
  exemptions: Exemptions,
  patterns: readonly string[],
  ranges: readonly string[],
): Exemptions {
  return {
    paths: without(exemptions.paths, patterns, ({ pattern }) => pattern),
    addresses: without(exemptions.addresses, ranges, ({ range }) => range),
  };
}

/** A lasting change of the exemptions of a record: also of those that come back when its closure ends. */
export function changeExemptions(record: SiteRecord, change: (exemptions: Exemptions) => Exemptions): SiteRecord {
  const { restore } = record;
  const lasting = restore?.exemptions;
  return {
    ...record,
    exemptions: change(record.exemptions),
    restore: lasting === undefined ? restore : { ...restore, exemptions: change(lasting) },
  };
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

function without<Item>(
  items: readonly Item[],
  removed: readonly string[],
  keyOf: (item: Item) => string,
): readonly Item[] {
  for (const key of removed) {
    if (items.some((item) => keyOf(item) === key)) continue;
    const there = items.map((item) => `'${keyOf(item)}'`).join(", ");
    throw new MaintenanceError("ERR_INVALID_COMMAND", `'${key}' is not among the exemptions.`, {
      hint: there === "" ? "There are none." : `There are: ${there}.`,
    });
  }
  return items.filter((item) => !removed.includes(keyOf(item)));
}
