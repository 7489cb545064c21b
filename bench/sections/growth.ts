import { decide } from "../../src/engine/decide/decide.ts";
import { compileSnapshot } from "../../src/engine/snapshot/snapshot.ts";
import { compileAddressMatcher } from "../../src/rules/addresses/matcher.ts";
import { loadLinearRegExp } from "../../src/rules/linear-regexp.ts";
import { compilePathMatcher } from "../../src/rules/paths/matcher.ts";
import { cycling, factsOf } from "../fixtures/facts.ts";
import {
  addressRanges,
  pathPatterns,
  regularExpressions,
  SIMILAR_PATH,
  UNRELATED_PATH,
  visitorAddresses,
} from "../fixtures/rules.ts";
import { compileOptionsOf, hostOfSite, NOW, siteRecords, stateOf } from "../fixtures/state.ts";
import { type Estimate, estimateDifference, estimateMedian, estimateRatio } from "../measure/estimate.ts";
import { measureInRounds, type Samples, type Variant } from "../measure/rounds.ts";
import { atMost, type Row, type Section } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

const SITE_COUNTS = [1, 10, 100, 1_000, 10_000, 100_000];
const PATH_COUNTS = [10, 100, 1_000, 10_000];
const RANGE_COUNTS = [10, 100, 1_000, 10_000, 100_000];
const EXPRESSION_COUNTS = [1, 10, 100];
const VISITORS = 4_096;

async function measureGrowth({ quick }: SectionOptions): Promise<Section> {
  await loadLinearRegExp();
  const points = (counts: readonly number[]): readonly number[] =>
    quick ? counts.filter((_, index) => index === 0 || index === counts.length - 1) : counts;
  const [siteCounts, pathCounts] = [points(SITE_COUNTS), points(PATH_COUNTS)];
  const [rangeCounts, expressionCounts] = [points(RANGE_COUNTS), points(EXPRESSION_COUNTS)];
  const paths = Array.from({ length: VISITORS }, (_, index) => `/shop/items/${index}`);
  const addresses = visitorAddresses(VISITORS);
  const variants: Variant[] = [
    ...siteCounts.flatMap((count) => [
      { name: `sites ${count}`, run: decideForSite(count) },
      { name: `facts ${count}`, run: makeFacts(count) },
    ]),
    ...pathCounts.map((count) => ({ name: `paths ${count}`, run: cycling(paths, matchPath(pathPatterns(count))) })),
    ...rangeCounts.map((count) => ({ name: `ranges ${count}`, run: cycling(addresses, matchAddress(count)) })),
    ...expressionCounts.flatMap((count) => {
      const match = matchPath(regularExpressions(count));
      return [
        { name: `unrelated ${count}`, run: () => match(UNRELATED_PATH) },
        { name: `similar ${count}`, run: () => match(SIMILAR_PATH) },
      ];
    }),
  ];
  const samples = await measureInRounds(variants, { rounds: quick ? 2 : 7, slot: quick ? 8 : 25 });

  const withoutFacts = (count: number): Samples => {
    const [decided, made] = [samples(`sites ${count}`), samples(`facts ${count}`)];
    const less = (a: readonly number[], b: readonly number[]): number[] =>
      a.map((value, round) => value - (b[round] ?? Number.NaN));
    const [first, second] = [less(decided.first, made.first), less(decided.second, made.second)];
    return { first, second, both: [...first, ...second] };
  };
  const lookup = (kind: string, count: number): Samples =>
    kind === "sites" ? withoutFacts(count) : samples(`${kind} ${count}`);
  const growth = (what: string, kind: string, least: number, most: number, limit: number): Row => {
    const [small, large] = [lookup(kind, least), lookup(kind, most)];
    return {
      what,
      unit: "x",
      measured: estimateRatio(large.both, small.both),
      control: estimateRatio(large.second, large.first),
      target: atMost(limit),
    };
  };
  const perExpression = (what: string, kind: string): Row => {
    const [small, large] = [samples(`${kind} 1`), samples(`${kind} 100`)];
    return {
      what,
      unit: "ns",
      measured: perItem(estimateDifference(large.both, small.both), 99),
      control: perItem(estimateDifference(large.second, large.first), 99),
      target: atMost(30),
    };
  };
  const curve = (what: string, kind: string, counts: readonly number[]): string => {
    const texts = counts.map((count) => `${count}: ${estimateMedian(lookup(kind, count).both).value.toFixed(0)}`);
    return `Nanoseconds ${what}: ${texts.join(", ")}.`;
  };
  return {
    title: "Growth: one among the most against one among the fewest",
    rows: [
      growth("closed decision, 1 to 100,000 sites, each request for another", "sites", 1, 100_000, 4),
      growth("literal and prefix paths, 10 to 10,000, none matching", "paths", 10, 10_000, 2),
      growth("CIDRs, 10 to 100,000, none matching", "ranges", 10, 100_000, 1.5),
      perExpression("each regular expression up to 100, the path unlike it", "unrelated"),
      perExpression("each regular expression up to 100, the path like it up to its end", "similar"),
    ],
    notes: [
      curve("a decision, by sites", "sites", siteCounts),
      curve("a lookup, by paths", "paths", pathCounts),
      curve("a lookup, by CIDRs", "ranges", rangeCounts),
      curve("a lookup, by regular expressions that the path is unlike", "unrelated", expressionCounts),
      curve("a lookup, by regular expressions that the path is like", "similar", expressionCounts),
    ],
  };
}

function perItem({ value, low, high }: Estimate, count: number): Estimate {
  return { value: value / count, low: low / count, high: high / count };
}

/** Closed decisions for sites in an order that no cache predicts. */
function decideForSite(count: number): () => unknown {
  const snapshot = compileSnapshot(stateOf(siteRecords(count, { mode: "closed" })), compileOptionsOf(), NOW);
  const nextHost = freshHosts(count);
  return () => decide(factsOf(nextHost(), "203.0.113.7"), snapshot, NOW);
}

/** The same without deciding: the overhead to subtract. */
function makeFacts(count: number): () => unknown {
  const nextHost = freshHosts(count);
  return () => factsOf(nextHost(), "203.0.113.7");
}

/** Strings from bytes, as in a server: new each time, so that the engine has no cached data about them. */
function freshHosts(count: number): () => string {
  const hosts = Array.from({ length: count }, (_, index) => hostOfSite(index));
  const width = hosts[count - 1]?.length ?? 0;
  const bytes = Buffer.from(hosts.map((host) => host.padEnd(width)).join(""), "latin1");
  const lengths = Uint8Array.from(hosts, (host) => host.length);
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const index = Math.floor((state / 2 ** 32) * count);
    return bytes.toString("latin1", index * width, index * width + (lengths[index] ?? 0));
  };
}

function matchPath(patterns: readonly string[]): (path: string) => unknown {
  const rules = patterns.map((pattern) => ({ pattern, description: "", source: "bench" }));
  const matcher = compilePathMatcher(rules, { ignoreCase: false });
  return (path) => matcher?.match(path);
}

function matchAddress(count: number): (address: string) => unknown {
  const rules = addressRanges(count).map((range) => ({ range, description: "", source: "bench" }));
  const matcher = compileAddressMatcher(rules);
  return (address) => matcher?.match(address);
}

await runSection(measureGrowth);
