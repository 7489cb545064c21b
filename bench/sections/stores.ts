import { compileSnapshot, type Snapshot } from "../../src/engine/snapshot/snapshot.ts";
import { applyChanges, replaceState } from "../../src/feed/advance-state.ts";
import type { State } from "../../src/state/state.ts";
import type { ChangeDraft, Position, Store } from "../../src/stores/store.ts";
import { compileOptionsOf, hostOfSite, NOW, READING } from "../fixtures/state.ts";
import { openStore } from "../flip/open-store.ts";
import { type Place, startPlace, storesHere } from "../flip/places.ts";
import { type Estimate, estimateMedian, estimateRatio } from "../measure/estimate.ts";
import type { Row, Section, Unit } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

/** In milliseconds, one sample per round. */
interface Costs {
  /** Until a starting gate has read and compiled the state. */
  readonly load: readonly number[];
  /** From the commit of one site's change to the snapshot of a gate that is notified at once. */
  readonly change: readonly number[];
}

const SITES = [1, 10, 100, 1_000, 10_000, 100_000] as const;
const OPTIONS = compileOptionsOf();
const MAX_CALL_MS = 600_000;
const AT = "2026-11-21T12:00:00Z";

const textOf = (index: number, mode: string): string => JSON.stringify({ hosts: [hostOfSite(index)], mode });

function changeOf(id: string, seen: number, { lineage }: Pick<Position, "lineage">): ChangeDraft {
  const after = textOf(Number(id.slice("site-".length)), seen % 2 === 1 ? "closed" : "open");
  const by = { kind: "program", label: "bench" } as const;
  return { lineage, command: "edit", records: [{ id, seen, before: null, after }], at: AT, by, reason: "" };
}

/** The cost of 100,000 sites with a record each in a store, compared with one. */
async function measureStores({ quick, store: only }: SectionOptions): Promise<Section> {
  const counts = quick ? [1, 1_000] : SITES;
  const rows: Row[] = [];
  const notes: string[] = [];
  for (const store of storesHere(only)) {
    const place = await startPlace(store);
    try {
      const patient = { ...place, options: { ...place.options, ...(store !== "file" && { timeout: MAX_CALL_MS }) } };
      const curve = new Map<number, Costs>();
      for (const count of counts) curve.set(count, await measureAt(patient, count, quick));
      rows.push(...rowsOf(store, curve));
      notes.push(...notesOf(store, curve));
    } finally {
      await place.stop();
    }
  }
  return { title: "Stores: a start, and one change, by how many sites have a record", rows, notes };
}

async function measureAt(place: Place, count: number, quick: boolean): Promise<Costs> {
  const [writer, reader] = [await openStore(place), await openStore(place)];
  try {
    const records = Array.from({ length: count }, (_, index) => ({
      id: `site-${index}`,
      version: 1,
      text: textOf(index, "open"),
    }));
    const { lineage, version } = await writer.load();
    await writer.importState({ lineage: "bench", version: 1, records, history: [] }, { lineage, version });
    // Starts the log with a first change.
    await writer.commit(changeOf("site-0", 1, await writer.load({ sites: [] })));
    const load: number[] = [];
    let held = await loadAll(reader);
    for (let round = 0; round < (quick ? 1 : 5); round += 1) {
      const begun = performance.now();
      held = await loadAll(reader);
      load.push(performance.now() - begun);
    }
    return { load, change: await timeChanges(writer, reader, held, count, quick ? 5 : 25) };
  } finally {
    await writer.close();
    await reader.close();
  }
}

async function loadAll(store: Store): Promise<Held> {
  const state = await replaceState(await store.load(), null, { ...READING, ...store.capabilities });
  return { state, snapshot: compileSnapshot(state, OPTIONS, NOW) };
}

interface Held {
  readonly state: State;
  readonly snapshot: Snapshot;
}

/** Consecutive changes, each of a different site if there are enough. */
async function timeChanges(
  writer: Store,
  reader: Store,
  { state, snapshot }: Held,
  count: number,
  rounds: number,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const id = `site-${(round * 7_919) % count}`;
    const { lineage } = await writer.load({ sites: [id] });
    const seen = state.records.get(id)?.version ?? 0;
    const draft = changeOf(id, seen, { lineage });
    const begun = performance.now();
    const written = await writer.commit(draft);
    const changes = await reader.changesSince(state);
    const reading = { ...READING, ...reader.capabilities };
    const next = changes === "reload" ? null : await applyChanges(state, changes, reading);
    if (!written.ok || next === null) throw new Error("A change did not follow on from the state.");
    snapshot = compileSnapshot(next, OPTIONS, NOW, snapshot);
    times.push(performance.now() - begun);
    state = next;
  }
  // The first change is not measured: it prepares what the others reuse.
  return times.slice(1);
}

function rowsOf(store: string, curve: ReadonlyMap<number, Costs>): readonly Row[] {
  const [fewest, most] = [Math.min(...curve.keys()), Math.max(...curve.keys())];
  const [few, many] = [curve.get(fewest), curve.get(most)];
  if (few === undefined || many === undefined) return [];
  const sites = most.toLocaleString("en");
  return [
    row(`${store}, start with ${sites}`, "ms", estimateMedian(many.load)),
    row(`${store}, one change among ${sites}`, "ms", estimateMedian(many.change)),
    row(
      `${store}, one change among ${sites}, against one among ${fewest}`,
      "x",
      estimateRatio(many.change, few.change),
    ),
  ];
}

function notesOf(store: string, curve: ReadonlyMap<number, Costs>): readonly string[] {
  const told = (what: keyof Costs): string =>
    [...curve].map(([count, costs]) => `${count}: ${estimateMedian(costs[what]).value.toFixed(1)}`).join(", ");
  return [
    `${store}, milliseconds of a start, by sites: ${told("load")}.`,
    `${store}, milliseconds of one change, by sites: ${told("change")}.`,
  ];
}

function row(what: string, unit: Unit, measured: Estimate): Row {
  return { what, unit, measured, control: null, target: null };
}

await runSection(measureStores);
