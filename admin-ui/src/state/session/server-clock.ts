import { type ReadonlySignal, signal } from "@preact/signals";

const TICK = 10_000;
const current = signal(Date.now());
let ahead = 0;

/** Epoch milliseconds by the server's clock, which decides when a closure ends; a phone's own may be wrong. Advances automatically. */
export const now: ReadonlySignal<number> = current;

export function setServerTime(instant: string): void {
  const difference = Date.parse(instant) - Date.now();
  // Under two seconds it is the way there, not the clock.
  ahead = Math.abs(difference) < 2_000 ? 0 : difference;
  tick();
}

export function startClock(): void {
  setInterval(tick, TICK);
}

/** The server's time at this very moment. */
export function readClock(): number {
  return Date.now() + ahead;
}

function tick(): void {
  current.value = readClock();
}
