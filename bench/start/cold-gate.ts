// Runs a gate in a fresh process, as an application does, and reports how long its event loop stood still.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { createGate } from "../../dist/index.js";
import { openStore, placeOf } from "../flip/open-store.ts";

export interface Pause {
  /** Until `ready()` resolved; 0 for a flip. */
  readonly ready: number;
  /** The longest delay of a timer of one millisecond, that millisecond included. */
  readonly pause: number;
}

const store = await openStore(placeOf(process.argv[2]));
const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
// The first timers of a process come late.
await delay(50);
delays.reset();
const begun = performance.now();
const gate = createGate({ store, pollInterval: store.watch === undefined ? 100 : 3_600_000, startTimeout: 120_000 });
await gate.ready();
const ready = performance.now() - begun;
tell(ready);
gate.subscribe((event) => event.type === "changed" && tell(0));
process.on("disconnect", () => process.exit());

/** Reports the longest pause since the last report, after a moment in which the last one can still be noticed. */
function tell(ready: number): void {
  setTimeout(() => {
    process.send?.({ ready, pause: delays.max / 1e6 } satisfies Pause);
    delays.reset();
  }, 20);
}
