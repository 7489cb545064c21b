import { compileSnapshot } from "../../src/engine/snapshot/snapshot.ts";
import { compileAddressMatcher } from "../../src/rules/addresses/matcher.ts";
import { compileLinearRegExp, loadLinearRegExp } from "../../src/rules/linear-regexp.ts";
import { compilePathMatcher } from "../../src/rules/paths/matcher.ts";
import { EMPTY_STATE } from "../../src/state/empty-state.ts";
import { addressRanges, regularExpressions } from "../fixtures/rules.ts";
import { compileOptionsOf, hostOfSite, NOW, recordOf, siteRecords, stateOf } from "../fixtures/state.ts";
import { estimateMedian } from "../measure/estimate.ts";
import { atMost, type Row, type Section } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

const description = "";
const source = "bench";

/** The difference of heap and buffers after a full collection, with and without the items, per item. */
async function measureMemory({ quick }: SectionOptions): Promise<Section> {
  await loadLinearRegExp();
  const repeats = quick ? 3 : 5;
  const [many, some] = [quick ? 10_000 : 100_000, quick ? 200 : 1_000];
  const ranges = addressRanges(many).map((range) => ({ range, description, source }));
  const literals = Array.from({ length: many }, (_, index) => ({
    pattern: `/static/page-${index}`,
    description,
    source,
  }));
  const prefixes = literals.map((rule) => ({ ...rule, pattern: `${rule.pattern}/*` }));
  const expressions = regularExpressions(some).map((pattern) => pattern.slice("re:".length));
  const named = compileOptionsOf({
    sites: Object.fromEntries(Array.from({ length: many }, (_, i) => [`site-${i}`, { hosts: [hostOfSite(i)] }])),
  });
  const options = compileOptionsOf();
  const row = (what: string, count: number, limit: number | null, make: () => unknown): Row => ({
    what,
    unit: "B",
    measured: estimateMedian(Array.from({ length: repeats }, () => bytesHeld(make) / count)),
    control: null,
    target: limit === null ? null : atMost(limit),
  });
  const matcher = { ignoreCase: false };
  return {
    title: "Memory that a gate holds, each",
    rows: [
      row("record of a closed site with a host, parsed and compiled", many, 150, () => {
        const state = stateOf(siteRecords(many, { mode: "closed" }));
        return [state, compileSnapshot(state, options, NOW)];
      }),
      row("open site that the configuration names", many, 0, () => compileSnapshot(EMPTY_STATE, named, NOW)),
      row("CIDR, compiled", many, 10, () => compileAddressMatcher(ranges)),
      row("CIDR in a record, parsed and compiled, its text kept", many, null, () => {
        const addresses = addressRanges(many);
        const state = stateOf([recordOf("*", { mode: "closed", exemptions: { addresses } })]);
        return [state, compileSnapshot(state, options, NOW)];
      }),
      row("literal path, compiled", many, 200, () => compilePathMatcher(literals, matcher)),
      row("prefix path, compiled", many, null, () => compilePathMatcher(prefixes, matcher)),
      row("regular expression, compiled, before its first match", some, 2_048, () =>
        expressions.map((text) => compileLinearRegExp(text, false)),
      ),
      row("regular expression, compiled, after 1,000 different paths", some, 2_048, () => {
        const compiled = expressions.map((text) => compileLinearRegExp(text, false));
        for (let path = 0; path < 1_000; path++) for (const one of compiled) one.test(`/news/${path}/item-none`);
        return compiled;
      }),
    ],
    notes: [],
  };
}

function bytesHeld(make: () => unknown): number {
  const before = bytesUsed();
  const held = make();
  const after = bytesUsed();
  // Reads it, so that it is not collected earlier.
  return held === undefined ? Number.NaN : after - before;
}

function bytesUsed(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

await runSection(measureMemory);
