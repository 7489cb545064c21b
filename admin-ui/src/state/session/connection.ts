import { type ReadonlySignal, signal } from "@preact/signals";
import { readClock } from "./server-clock.ts";

const lost = signal<number | null>(null);
let lastAnswer = readClock();

/** When the admin last answered, in epoch milliseconds; `null` while it does. */
export const lostSince: ReadonlySignal<number | null> = lost;

export function answered(): void {
  lastAnswer = readClock();
  lost.value = null;
}

export function unanswered(): void {
  lost.value = lastAnswer;
}
