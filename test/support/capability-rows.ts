import { readFileSync } from "node:fs";
import { ROOT } from "../package/docs-pages.ts";

/** Returns the rows of the capability table on a docs page, by capability name, each with one cell per kind of the store. */
export function capabilityRows(page: string): Readonly<Record<string, readonly string[]>> {
  const rows = readFileSync(`${ROOT}docs/${page}.md`, "utf8").matchAll(/^\| `(\w+)` \| (.+) \|$/gm);
  return Object.fromEntries([...rows].map(([, name = "", cells = ""]) => [name, cells.split(" | ")]));
}

/** Returns the same rows for the capabilities that the code declares. */
export function capabilitiesAsRows(...stores: readonly object[]): Readonly<Record<string, readonly string[]>> {
  const names = Object.keys(stores[0] ?? {});
  const cell = (store: object, name: string): string =>
    `\`${JSON.stringify(Object.entries(store).find(([key]) => key === name)?.[1])}\``;
  return Object.fromEntries(names.map((name) => [name, stores.map((store) => cell(store, name))]));
}
