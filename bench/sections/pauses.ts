import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Store } from "../../dist/stores/store.js";
import { documentOf } from "../fixtures/state.ts";
import { openStore } from "../flip/open-store.ts";
import { type Place, startPlace, storesHere } from "../flip/places.ts";
import { estimateMedian } from "../measure/estimate.ts";
import { atMost, type Row, type Section } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";
import type { Pause } from "../start/cold-gate.ts";

const MAX_PAUSE_MS = 10;
const MAX_CALL_MS = 600_000;
const PROGRAM = fileURLToPath(new URL("../start/cold-gate.ts", import.meta.url));
const AT = "2026-11-21T12:00:00Z";

interface Pauses {
  readonly few: readonly Pause[];
  readonly many: readonly Pause[];
  readonly flips: readonly Pause[];
}

/** The longest pause of the event loop in a fresh process, at its start and while it follows a flip. */
async function measurePauses({ quick, store: only }: SectionOptions): Promise<Section> {
  const rows: Row[] = [];
  for (const store of storesHere(only)) {
    const isOneText = store === "file" || store === "object-storage";
    const count = isOneText ? 10_000 : 100_000;
    const place = await startPlace(store);
    try {
      const patient = { ...place, options: { ...place.options, ...(store !== "file" && { timeout: MAX_CALL_MS }) } };
      rows.push(...rowsOf(store, count, await measure(patient, count, quick ? 1 : 5)));
    } finally {
      await place.stop();
    }
  }
  return {
    title: "Pauses: the longest time for which the event loop of a fresh process stands still",
    rows,
    notes: [
      "The delay of a timer of one millisecond (monitorEventLoopDelay), that millisecond included. A start with one site shows what loading the modules costs.",
    ],
  };
}

async function measure(place: Place, count: number, starts: number): Promise<Pauses> {
  const writer = await openStore(place);
  const [few, many, flips]: [Pause[], Pause[], Pause[]] = [[], [], []];
  try {
    await fill(writer, 1);
    for (let start = 0; start < starts; start += 1) few.push(await startGate(place, async () => {}));
    await fill(writer, count);
    for (let start = 0; start < starts; start += 1) {
      const follow = async (child: ChildProcess): Promise<void> => {
        for (let flip = 0; flip < 5; flip += 1) {
          const seen = nextPause(child);
          await open(writer, `site-${(start * 5 + flip) * 19}`);
          flips.push(await seen);
        }
      };
      many.push(await startGate(place, follow));
    }
  } finally {
    await writer.close();
  }
  return { few, many, flips };
}

async function fill(writer: Store, count: number): Promise<void> {
  const { lineage, version } = await writer.load({ sites: [] });
  const content = { ...documentOf(count, { mode: "closed" }), lineage: `bench ${count}`, history: [] };
  await writer.importState(content, { lineage, version });
}

async function open(writer: Store, id: string): Promise<void> {
  const { lineage } = await writer.load({ sites: [id] });
  const by = { kind: "program", label: "bench" } as const;
  const records = [{ id, seen: 1, before: null, after: '{"mode":"open"}' }];
  const result = await writer.commit({ lineage, command: "edit", records, at: AT, by, reason: "" });
  if (!result.ok) throw new Error(`The flip of ${id} was refused.`);
}

async function startGate({ store, options }: Place, follow: (child: ChildProcess) => Promise<void>): Promise<Pause> {
  const child = fork(PROGRAM, [JSON.stringify({ store, options })], { execArgv: [] });
  const ended = once(child, "exit");
  try {
    const started = await nextPause(child);
    await follow(child);
    return started;
  } finally {
    child.disconnect();
    await ended;
  }
}

async function nextPause(child: ChildProcess): Promise<Pause> {
  const [pause] = (await once(child, "message")) as [Pause];
  return pause;
}

function rowsOf(store: string, count: number, { few, many, flips }: Pauses): readonly Row[] {
  const sites = count.toLocaleString("en");
  const row = (what: string, pauses: readonly Pause[], member: keyof Pause, limit: number | null): Row => ({
    what: `${store}, ${what}`,
    unit: "ms",
    measured: estimateMedian(pauses.map((pause) => pause[member])),
    control: null,
    target: limit === null ? null : atMost(limit),
  });
  return [
    row("pause at a start with one site", few, "pause", null),
    row(`pause at a start with ${sites}`, many, "pause", MAX_PAUSE_MS),
    row(`pause at a flip among ${sites}`, flips, "pause", MAX_PAUSE_MS),
    row("until ready with one site", few, "ready", null),
    row(`until ready with ${sites}`, many, "ready", null),
  ];
}

await runSection(measurePauses);
