import { planResponse } from "../../src/engine/answer/plan-response.ts";
import { decide } from "../../src/engine/decide/decide.ts";
import { compileSnapshot, type Snapshot } from "../../src/engine/snapshot/snapshot.ts";
import { cycling, factsOf } from "../fixtures/facts.ts";
import { addressRanges, pathPatterns, visitorAddresses } from "../fixtures/rules.ts";
import { compileOptionsOf, hostOfSite, NOW, siteRecords, stateOf } from "../fixtures/state.ts";
import { estimateMedian } from "../measure/estimate.ts";
import { measureInRounds } from "../measure/rounds.ts";
import { atMost, type Row, type Section } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

interface Size {
  readonly sites: number;
  readonly paths: number;
  readonly addresses: number;
}

const SMALL: Size = { sites: 1, paths: 0, addresses: 0 };
const LARGE: Size = { sites: 1_000, paths: 1_000, addresses: 100_000 };
const VISITORS = 4_096;

async function measureClosed({ quick }: SectionOptions): Promise<Section> {
  const [small, large] = [closedSnapshot(SMALL), closedSnapshot(LARGE)];
  const samples = await measureInRounds(
    [
      { name: "small decision", run: decision(small, SMALL) },
      { name: "small answer", run: answer(small, SMALL) },
      { name: "large decision", run: decision(large, LARGE) },
      { name: "large answer", run: answer(large, LARGE) },
    ],
    { rounds: quick ? 5 : 11, slot: quick ? 15 : 40 },
  );
  const row = (what: string, name: string, limit: number | null): Row => {
    const { first, second, both } = samples(name);
    const noise = second.map((value, round) => value - (first[round] ?? value));
    return {
      what,
      unit: "ns",
      measured: estimateMedian(both),
      control: estimateMedian(noise),
      target: limit === null ? null : atMost(limit),
    };
  };
  return {
    title: "Closed, in-process: nanoseconds a request, A/A as a difference",
    rows: [
      row("decision, 1 site", "small decision", null),
      row("decision and plan, 1 site", "small answer", null),
      row("decision, 1,000 sites, 1,000 paths, 100,000 CIDRs", "large decision", 300),
      row("decision and plan, the same", "large answer", null),
    ],
    notes: [],
  };
}

function closedSnapshot({ sites, paths, addresses }: Size): Snapshot {
  const options = compileOptionsOf({ exempt: { paths: pathPatterns(paths), addresses: addressRanges(addresses) } });
  return compileSnapshot(stateOf(siteRecords(sites, { mode: "closed" })), options, NOW);
}

function decision(snapshot: Snapshot, { sites }: Size): () => unknown {
  return cycling(visitors(sites), (facts) => decide(facts, snapshot, NOW));
}

function answer(snapshot: Snapshot, { sites }: Size): () => unknown {
  return cycling(visitors(sites), (facts) => {
    const decided = decide(facts, snapshot, NOW);
    if (decided.outcome !== "block") throw new Error(`A visitor was not blocked, but: ${decided.outcome}.`);
    return planResponse(decided, facts, snapshot, NOW);
  });
}

function visitors(sites: number) {
  return visitorAddresses(VISITORS).map((address, index) => factsOf(hostOfSite(index % sites), address));
}

await runSection(measureClosed);
