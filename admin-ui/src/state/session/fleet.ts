import { type ReadonlySignal, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Effect } from "../../../../src/control/fleet/await-effect.ts";
import { readFleet } from "../../api.ts";
import { changes } from "../sites/changes.ts";
import { loadHolds } from "./holds.ts";
import { hasEnded, noticeSignedOut } from "./session.ts";

/** Pause before the next look while a process has not applied a change, for the first looks. */
const QUICK_MS = 500;
const MAX_QUICK_LOOKS = 20;
const LATER_MS = 15_000;
/** Milliseconds after a change, or after the last process has applied it, in which the page says who has. */
const SHOWN_MS = 10_000;

const current = signal<Effect | null>(null);
const changed = signal(false);

/** The processes that follow; `null` before they were read. */
export const fleet: ReadonlySignal<Effect | null> = current;
/** Something was changed a moment ago. */
export const changedNow: ReadonlySignal<boolean> = changed;

/** Keeps `fleet` up to date while a user is signed in. */
export function useFleet(): void {
  const paused = hasEnded();
  const change = changes.value;
  useEffect(() => {
    if (paused) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    let looks = 0;
    const look = async (): Promise<void> => {
      if (!document.hidden) {
        await readFleet().then((effect) => {
          if (ended) return;
          const isApplied = isBehind(current.value) && !isBehind(effect);
          current.value = effect;
          if (isApplied) showForAMoment();
        }, noticeSignedOut);
        await loadHolds().catch(noticeSignedOut);
      }
      if (ended) return;
      looks += 1;
      timer = setTimeout(look, isBehind(current.value) && looks < MAX_QUICK_LOOKS ? QUICK_MS : LATER_MS);
    };
    void look();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [paused, change]);
  useEffect(() => {
    // The first is that the stream of changes has begun.
    if (change < 2) return;
    showForAMoment();
  }, [change]);
}

let shown: ReturnType<typeof setTimeout> | undefined;

function showForAMoment(): void {
  clearTimeout(shown);
  changed.value = true;
  shown = setTimeout(() => {
    changed.value = false;
  }, SHOWN_MS);
}

function isBehind(effect: Effect | null): boolean {
  return effect?.list === "read" && effect.processes.some(({ state }) => state === "behind");
}
