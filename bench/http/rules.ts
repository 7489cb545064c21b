import { type Controller, createController, createGate, type Gate } from "../../dist/index.js";
import { memoryStore } from "../../dist/stores/memory.js";
import { addressRanges, pathPatterns } from "../fixtures/rules.ts";
import { hostOfSite } from "../fixtures/state.ts";

/** Rules as people write them, many of each. None of them lets in a request of the bench. */
export const RULES = ["paths", "addresses", "links", "user", "end", "sites"] as const;
export type Rule = (typeof RULES)[number];

/** So far away that the answer is the same throughout. */
const END = "2099-01-01T00:00:00Z";
const MAX_LINKS = 100;
const SITES = 1_000;

/** Returns a gate that follows its store. `closedWith` is `null` for an open one. */
export async function createReadyGate(closedWith: readonly Rule[] | null): Promise<Gate> {
  const has = (rule: Rule): boolean => closedWith?.includes(rule) === true;
  const options = {
    store: memoryStore(),
    exempt: {
      ...(has("paths") && { paths: pathPatterns(1_000) }),
      ...(has("addresses") && { addresses: addressRanges(100_000) }),
      ...(has("user") && { users: { staff: true } }),
    },
    ...(has("sites") && { sites: namedSites() }),
  };
  if (closedWith !== null) await closeWith(createController(options), has);
  const gate = createGate(options);
  await gate.ready();
  return gate;
}

async function closeWith(controller: Controller, has: (rule: Rule) => boolean): Promise<void> {
  const ids = has("sites") ? Object.keys(namedSites()) : ["*"];
  await controller.close(ids, has("end") ? { until: END } : {});
  const site = ids[0] ?? "*";
  if (!has("links")) return;
  for (let link = 0; link < MAX_LINKS; link += 1) await controller.links.create({ site, label: `link ${link}` });
}

function namedSites(): Record<string, { readonly hosts: readonly string[] }> {
  return Object.fromEntries(Array.from({ length: SITES }, (_, i) => [`site-${i}`, { hosts: [hostOfSite(i)] }]));
}
