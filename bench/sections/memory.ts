import { compileSnapshot } from "../../src/engine/snapshot/snapshot.ts";
import { replaceState } from "../../src/feed/advance-state.ts";
import { compileAddressMatcher } from "../../src/rules/addresses/matcher.ts";
import { compileLinearRegExp, loadLinearRegExp } from "../../src/rules/linear-regexp.ts";
import { compilePathMatcher } from "../../src/rules/paths/matcher.ts";
import { EMPTY_STATE } from "../../src/state/state.ts";
import { addressRanges, regularExpressions } from "../fixtures/rules.ts";
import { compileOptionsOf, documentOf, hostOfSite, NOW, READING, recordOf, stateOf } from "../fixtures/state.ts";
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
  const row = async (what: string, count: number, limit: number | null, make: () => unknown): Promise<Row> => {
    const bytes: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat += 1) bytes.push((await bytesHeld(make)) / count);
    return {
      what,
      unit: "B",
      measured: estimateMedian(bytes),
      control: null,
      target: limit === null ? null : atMost(limit),
    };
  };
  const matcher = { ignoreCase: false };
  return {
    title: "Memory that a gate holds, each",
    rows: [
      await row("record of a closed site with a host, parsed and compiled", many, 170, async () => {
        const state = await replaceState(documentOf(many, { mode: "closed" }), null, READING);
        return [state, compileSnapshot(state, options, NOW)];
      }),
      await row("open site that the configuration names", many, 0, () => compileSnapshot(EMPTY_STATE, named, NOW)),
      await row("CIDR, compiled", many, 10, () => compileAddressMatcher(ranges)),
      await row("CIDR in a record, parsed and compiled, its text kept", many, null, () => {
        const addresses = addressRanges(many);
        const state = stateOf([recordOf("*", { mode: "closed", exemptions: { addresses } })]);
        return [state, compileSnapshot(state, options, NOW)];
      }),
      await row("literal path, compiled", many, 200, () => compilePathMatcher(literals, matcher)),
      await row("prefix path, compiled", many, null, () => compilePathMatcher(prefixes, matcher)),
      await row("regular expression, compiled, before its first match", some, 800, () =>
        expressions.map((text) => compileLinearRegExp(text, false)),
      ),
      await row("regular expression, compiled, after 1,000 different paths", some, 8_500, () => {
        const compiled = expressions.map((text) => compileLinearRegExp(text, false));
        for (let path = 0; path < 1_000; path++) for (const one of compiled) one.test(`/news/${path}/item-none`);
        return compiled;
      }),
    ],
    notes: [],
  };
}

async function bytesHeld(make: () => unknown): Promise<number> {
  const before = bytesUsed();
  const held = await make();
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
