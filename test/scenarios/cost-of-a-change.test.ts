import { expect, test } from "vitest";
import { countCalls } from "../support/count-calls.ts";
import { adminUnderTest } from "../unit/admin/admin-under-test.ts";

/** The maximum number of rules that a token limited to one site may write. */
const ITEMS = 100;
const EXPRESSIONS = 10;
const MESSAGE = "m".repeat(5_000);

/** Counts the calls of the largest change by such a caller, after `changesBefore` changes to another site. */
async function largestChange(changesBefore: number) {
  const under = adminUnderTest();
  under.access.add("shopkeeper", ["view", "edit"], ["shop"]);
  for (let count = 0; count < changesBefore; count += 1) {
    const body = { sites: ["blog"], message: `${count}` };
    expect((await under.ask("POST close", body)).status).toBe(200);
  }
  const change = async (round: number): Promise<void> => {
    const paths = Array.from({ length: ITEMS }, (_, place) =>
      place < EXPRESSIONS ? `re:^/${changesBefore}/${round}/${place}$` : `/${round}/${place}`,
    );
    const addresses = Array.from({ length: ITEMS }, (_, place) => `2001:db8:${round}:${place}::/64`);
    const headers = { "x-user": "shopkeeper", "if-match": `"${round - 1}"` };
    const body = { exemptions: { paths, addresses }, message: MESSAGE };
    const answer = await under.ask("PATCH sites/shop", body, headers);
    expect([answer.status, answer.json.exemptions?.paths.length]).toEqual([200, ITEMS]);
  };
  // Makes the record as large before the measured change as after it.
  await change(1);
  const calls = await countCalls(() => change(2));
  await under.close();
  return calls;
}

/** The expected number of calls per change, by function. Unlike a duration, these numbers show every additional compilation. */
const WORK: Readonly<Record<string, number>> = {
  // Each path once in the body, the command, the record, the gate's matcher and the warnings of the answer.
  "rules/paths/pattern.ts#parsePathPattern": 5 * ITEMS,
  // As for the paths, plus the ranges that addresses are compared with.
  "rules/addresses/range.ts#parseAddressRange": 5 * ITEMS + 9,
  "rules/linear-regexp.ts#requireBoundedExpression": EXPRESSIONS,
  // Only the writer parses the record.
  "state/parse-site-record.ts#upgradeRecord": 1,
  "state/serialize-site-record.ts#serializeSiteRecord": 4,
  "engine/snapshot/compiled-site.ts#compileRules": 1,
  // One each for the scope, the exemptions with and without `limited`, and all paths together for the warnings.
  "rules/paths/matcher.ts#compilePathMatcher": 4,
  "rules/addresses/matcher.ts#compileAddressMatcher": 2,
  "control/views/exemption-warnings.ts#exemptionWarnings": 1,
  "stores/document/format.ts#toObjects": 1,
  "stores/document/format.ts#parseDocument": 0,
  "stores/document/format.ts#serializeDocument": 0,
};

test.each([0, 60])(
  "the largest change with a right on one site, after %i others, reads and compiles once",
  async (before) => {
    const calls = await largestChange(before);
    const counted = Object.fromEntries(Object.keys(WORK).map((name) => [name, calls.of(name)]));
    expect(counted).toEqual(WORK);
  },
);

test.each([
  ["lists", { exemptions: { paths: Array.from({ length: 1_000 }, (_, place) => `/${place}`) } }],
  ["expressions", { paths: Array.from({ length: 40 }, (_, place) => `re:^/${place}/.{1,20}$`) }],
])("a body with %s beyond the limit of such a caller is refused before any item is validated", async (_what, body) => {
  const under = adminUnderTest();
  under.access.add("shopkeeper", ["view", "edit"], ["shop"]);
  // The first request starts the gate, which reads the paths of its configuration.
  await under.ask("GET sites/shop");
  const calls = await countCalls(async () => {
    const { status } = await under.ask("PATCH sites/shop", body, { "x-user": "shopkeeper", "if-match": '"0"' });
    expect(status).toBe(422);
  });
  expect(calls.of("rules/paths/pattern.ts#parsePathPattern")).toBe(0);
  await under.close();
});
