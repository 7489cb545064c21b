import { bareNotificationOf } from "../flip/bare-notification.ts";
import { type Flip, measureFlips } from "../flip/flips.ts";
import { storesHere } from "../flip/places.ts";
import { type Estimate, estimateMedian, estimateRatio, exactly, quantile } from "../measure/estimate.ts";
import { atMost, type Row, type Section, type Target, type Unit } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

/** Maximum milliseconds between flips: longer than the interval of a poll, so that a flip can happen at any time within it. */
const APART = 10;
const APART_WHERE_POLLED = 120;
const POLLED: readonly string[] = ["sqlite", "mysql", "object-storage"];

/** A writer, an application with a gate and a bare notification: three processes over each store. */
async function measureFlip({ quick, store: only, flips }: SectionOptions): Promise<Section> {
  const rows: Row[] = [];
  for (const store of storesHere(only)) {
    const isPolled = POLLED.includes(store);
    const count = flips ?? (quick ? 60 : isPolled ? 200 : 400);
    rows.push(...rowsOf(store, await measureFlips(store, count, isPolled ? APART_WHERE_POLLED : APART)));
  }
  return {
    title: "Flip: from a command in one process to the snapshot of a gate in another",
    rows,
    notes: [
      "Each store's server runs on this machine and answers before a change is on its disk; the file and SQLite do flush. " +
        "What is bare is the same flip, seen by a third process with the driver alone, which reads nothing.",
      "mysql and object-storage are polled, here every 100 ms and by default every 2 s: that bounds them. sqlite is looked at " +
        "every 100 ms if the folder reports no change.",
    ],
  };
}

function rowsOf(store: string, flips: readonly Flip[]): readonly Row[] {
  const seen = flips.flatMap((flip) => (flip.seen === null ? [] : [flip.seen - flip.commanded]));
  const bare = bareNotificationOf(store);
  const target = (limit: number): Target | null => (POLLED.includes(store) ? null : atMost(limit));
  const lost = flips.filter((flip) => flip.seen === null).length;
  return [
    row(`${store}, p50`, "ms", estimateMedian(seen), null),
    row(`${store}, p99`, "ms", exactly(quantile(seen, 0.99)), target(5)),
    row(`${store}, lost of ${flips.length}`, "of", exactly(lost), atMost(0)),
    ...(bare === null ? [] : rowsBeside(store, `bare ${bare}`, flips.filter(isWhole))),
  ];
}

function rowsBeside(store: string, bare: string, flips: readonly WholeFlip[]): readonly Row[] {
  const seen = flips.map((flip) => flip.seen - flip.commanded);
  const before = flips.map(({ notified, commanded }) => notified[0] - commanded);
  const after = flips.map(({ notified, commanded }) => notified[1] - commanded);
  const notified = flips.map(({ notified: [first, second], commanded }) => (first + second) / 2 - commanded);
  return [
    {
      ...row(`${store}, p50 against a ${bare}`, "x", estimateRatio(seen, notified), atMost(1.15)),
      control: estimateRatio(everySecond(notified, 0), everySecond(notified, 1)),
    },
    row(
      `${store}, ${bare} that listened first against the one that listened last`,
      "x",
      estimateRatio(before, after),
      null,
    ),
    row(`${store}, ${bare}, p50`, "ms", estimateMedian(notified), null),
    row(`${store}, ${bare}, p99`, "ms", exactly(quantile(notified, 0.99)), null),
  ];
}

type WholeFlip = Flip & { readonly seen: number; readonly notified: readonly [number, number] };

function isWhole(flip: Flip): flip is WholeFlip {
  return flip.seen !== null && !flip.notified.includes(null);
}

/** Two halves of the same: the noise of the machine. */
function everySecond(samples: readonly number[], offset: 0 | 1): readonly number[] {
  return samples.filter((_, index) => index % 2 === offset);
}

function row(what: string, unit: Unit, measured: Estimate, target: Target | null): Row {
  return { what, unit, measured, control: null, target };
}

await runSection(measureFlip);
