import { createController, createGate, type Gate } from "../../dist/index.js";
import { memoryStore } from "../../dist/stores/memory.js";
import { addressRanges, pathPatterns } from "../fixtures/rules.ts";
import { hostOfSite } from "../fixtures/state.ts";

/** Rules as people write them, many of each. None of them lets in a request of the bench. */
export const RULES = [
  "an end",
  "1,000 exempt paths",
  "100,000 CIDRs",
  "100 links",
  "a user exemption",
  "1,000 sites",
] as const;
export type Rule = (typeof RULES)[number];

const HALF_A_DAY = 12 * 3_600_000;
/** Noon or midnight, 6 to 18 hours away: the same for every process of a run. */
const END = new Date((Math.floor((Date.now() + HALF_A_DAY / 2) / HALF_A_DAY) + 1) * HALF_A_DAY);
const LINKS = 100;
const SITES = 1_000;

/** Returns a gate with its state. `closedWith` is `null` for an open one; otherwise every site is closed. */
export async function createReadyGate(closedWith: readonly Rule[] | null): Promise<Gate> {
  const has = (rule: Rule): boolean => closedWith?.includes(rule) === true;
  const ids = Array.from({ length: has("1,000 sites") ? SITES : 1 }, (_, index) => `site-${index}`);
  const options = {
    store: memoryStore(),
    sites: Object.fromEntries(ids.map((id, index) => [id, { hosts: [hostOfSite(index)] }])),
    exempt: {
      ...(has("1,000 exempt paths") && { paths: pathPatterns(1_000) }),
      ...(has("100,000 CIDRs") && { addresses: addressRanges(100_000) }),
      ...(has("a user exemption") && { users: { staff: true } }),
    },
  };
  if (closedWith !== null) {
    const controller = createController(options);
    await controller.close(ids, has("an end") ? { until: END } : {});
    for (let link = 0; has("100 links") && link < LINKS; link += 1) {
      await controller.links.create({ site: "site-0", label: `link ${link}` });
    }
    await controller.dispose();
  }
  const gate = createGate(options);
  await gate.ready();
  return gate;
}
