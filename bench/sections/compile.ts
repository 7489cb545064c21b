import { compileSnapshot, type Snapshot } from "../../src/engine/snapshot/snapshot.ts";
import { applyChanges, replaceState } from "../../src/feed/advance-state.ts";
import type { State } from "../../src/state/state.ts";
import type { StateChange, StateDocument } from "../../src/stores/store.ts";
import { compileOptionsOf, hostOfSite, NOW, READING } from "../fixtures/state.ts";
import { type Estimate, estimateMedian, exactly } from "../measure/estimate.ts";
import { atMost, type Row, type Section, type Unit } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

interface Held {
  readonly state: State;
  readonly snapshot: Snapshot;
}

const options = compileOptionsOf();
const bodyOf = (index: number, mode: string): string => JSON.stringify({ hosts: [hostOfSite(index)], mode });

/** Measures the synchronous work of a gate from the store's answer to the new snapshot. Meanwhile no request is answered. */
async function measureCompile({ quick }: SectionOptions): Promise<Section> {
  const few = await loadAll(documentOf(10));
  const whole = await timeEach(quick ? 1 : 9, () => loadAll(documentOf(100_000)));
  const many = await loadAll(documentOf(100_000));
  const compiled = await timeEach(quick ? 1 : 9, () => compileSnapshot(many.state, options, NOW));
  const onlyFew = await timeChanges(few, 10, quick ? 200 : 2_000);
  const changed = await timeChanges(many, 100_000, quick ? 200 : 2_000);
  return {
    title: "Compile: what a change costs, from the store's answer to the new snapshot",
    rows: [
      row("one changed site among 10", "µs", inMicroseconds(estimateMedian(onlyFew)), 20),
      row("one changed site among 100,000", "µs", inMicroseconds(estimateMedian(changed)), 20),
      row("one changed site among 100,000, the longest", "ms", exactly(Math.max(...changed)), 5),
      row("100,000 sites compiled afresh", "ms", estimateMedian(compiled), null),
      row("100,000 sites parsed and compiled, at start or after a reload", "ms", estimateMedian(whole), null),
    ],
    notes: [],
  };
}

function row(what: string, unit: Unit, measured: Estimate, limit: number | null): Row {
  return { what, unit, measured, control: null, target: limit === null ? null : atMost(limit) };
}

function documentOf(count: number): StateDocument {
  const records = Array.from({ length: count }, (_, index) => ({
    id: `site-${index}`,
    version: 1,
    text: bodyOf(index, "closed"),
  }));
  return { lineage: "bench", version: 1, records };
}

async function loadAll(document: StateDocument): Promise<Held> {
  const state = await replaceState(document, null, READING);
  return { state, snapshot: compileSnapshot(state, options, NOW) };
}

/** Milliseconds of consecutive changes, each of a different site. */
async function timeChanges(start: Held, count: number, changes: number): Promise<number[]> {
  let { state, snapshot } = start;
  const versions = new Map<number, number>();
  const times: number[] = [];
  for (let round = 0; round < changes; round++) {
    const index = (round * 7_919) % count;
    const seen = versions.get(index) ?? 1;
    versions.set(index, seen + 1);
    const change = changeOf(state, index, seen);
    const begun = performance.now();
    const next = await applyChanges(state, [change], READING);
    if (next === null) throw new Error("A change did not follow on from the state.");
    snapshot = compileSnapshot(next, options, NOW, snapshot);
    times.push(performance.now() - begun);
    state = next;
  }
  // The warm-up of the compiler is part of the start of a process, not of a change.
  return times.slice(Math.floor(changes / 5));
}

function changeOf({ lineage, version }: State, index: number, seen: number): StateChange {
  return {
    lineage,
    version: version + 1,
    command: "close",
    records: [{ id: `site-${index}`, seen, before: null, after: bodyOf(index, seen % 2 === 0 ? "closed" : "open") }],
    at: "2026-11-21T12:00:00Z",
    by: { kind: "program", label: "bench" },
    reason: "",
  };
}

async function timeEach(times: number, work: () => unknown): Promise<number[]> {
  const taken: number[] = [];
  for (let round = 0; round <= times; round++) {
    const begun = performance.now();
    await work();
    taken.push(performance.now() - begun);
  }
  return taken.slice(1);
}

function inMicroseconds({ value, low, high }: Estimate): Estimate {
  return { value: value * 1_000, low: low * 1_000, high: high * 1_000 };
}

await runSection(measureCompile);
