import { type Flip, measureFlips } from "../flip/flips.ts";
import { type Estimate, estimateMedian, estimateRatio, exactly, quantile } from "../measure/estimate.ts";
import { atMost, type Row, type Section, type Target, type Unit } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

/** A writer, an application with a gate and a bare fs.watch: three processes over one file store. */
async function measureFlip({ quick }: SectionOptions): Promise<Section> {
  const flips = await measureFlips(quick ? 60 : 400);
  const whole = flips.filter(isWhole);
  const seen = whole.map((flip) => flip.seen - flip.commanded);
  const notified = whole.map((flip) => flip.notified - flip.commanded);
  const seenAfter = whole.map((flip) => flip.seen - flip.replaced);
  const notifiedAfter = whole.map((flip) => flip.notified - flip.replaced);
  return {
    title: "Flip: a command in one process, seen by the gate of another, over the file store",
    rows: [
      row("from the command, p50, against a bare fs.watch", "x", estimateRatio(seen, notified), atMost(1.15)),
      row("from the command, p50", "ms", estimateMedian(seen), null),
      row("from the command, p99", "ms", exactly(quantile(seen, 0.99)), atMost(5)),
      row("from the rename, p50, against a bare fs.watch", "x", estimateRatio(seenAfter, notifiedAfter), atMost(1.15)),
      row("from the rename, p50", "ms", estimateMedian(seenAfter), null),
      row("from the rename, p50, bare fs.watch", "ms", estimateMedian(notifiedAfter), null),
      row("from the rename, p99", "ms", exactly(quantile(seenAfter, 0.99)), atMost(5)),
      row("from the rename, p99, bare fs.watch", "ms", exactly(quantile(notifiedAfter, 0.99)), null),
      row(`lost, of ${flips.length}`, "of", exactly(flips.filter(({ seen }) => seen === null).length), atMost(0)),
      row(
        `lost by the bare fs.watch, of ${flips.length}`,
        "of",
        exactly(flips.filter(({ notified }) => notified === null).length),
        null,
      ),
    ],
    notes: [],
  };
}

function isWhole(flip: Flip): flip is Flip & { readonly seen: number; readonly notified: number } {
  return flip.seen !== null && flip.notified !== null;
}

function row(what: string, unit: Unit, measured: Estimate, target: Target | null): Row {
  return { what, unit, measured, control: null, target };
}

await runSection(measureFlip);
