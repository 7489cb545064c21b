/** How fast the machine is at one moment, to read times of different runs beside. */
export interface Calibration {
  /** Nanoseconds per step of an integer loop, which needs no memory. */
  readonly step: number;
  /** Nanoseconds per read at random from 16 MB, which other programs on the machine slow down. */
  readonly read: number;
}

const STEPS = 2_000_000;
const READS = 200_000;
const CELLS = 2 ** 22;
const REPEATS = 9;

export function calibrate(): Calibration {
  const cells = Int32Array.from(
    { length: CELLS },
    (_, index) => (Math.imul(index, 1_664_525) + 1_013_904_223) & (CELLS - 1),
  );
  return { step: fastest(runSteps, STEPS), read: fastest(() => readCells(cells), READS) };
}

/** Returns a sentence with the speed before and after a measurement. */
export function describeSpeed(before: Calibration, after: Calibration): string {
  const both = (key: keyof Calibration): string =>
    `${before[key].toFixed(2)} ns before and ${after[key].toFixed(2)} ns after`;
  return `Calibration: a step of an integer loop took ${both("step")}, a read at random from 16 MB ${both("read")}.`;
}

/** The fastest of several runs is the least disturbed. */
function fastest(work: () => number, count: number): number {
  const times = Array.from({ length: REPEATS }, () => {
    const begun = performance.now();
    return work() === 0.5 ? Number.NaN : performance.now() - begun;
  });
  return (Math.min(...times) * 1e6) / count;
}

function runSteps(): number {
  let state = 1;
  for (let step = 0; step < STEPS; step += 1) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return state;
}

/** Each read depends on the one before. */
function readCells(cells: Int32Array): number {
  let at = 1;
  for (let read = 0; read < READS; read += 1) at = cells[at] ?? 0;
  return at;
}
