// A process of the harness: a web server behind a gate, or a coordinator. Loads everything, and begins when its parent tells it to.
import { flushCompileCache } from "node:module";
import { runCoordinator } from "./coordinator.ts";
import { runGate } from "./gate.ts";
import { HeldCalls } from "./held-store.ts";
import type { Order, Report } from "./messages.ts";
import { ScaledClock } from "./scaled-clock.ts";

const say = (report: Report): void => void process.send?.(report);
const calls = new HeldCalls((id) => say({ kind: "reached", id }));
let clock = new ScaledClock(1);
let stopsInApplication: { readonly sleeps: boolean } | null = null;
let close: ReturnType<typeof runCoordinator> | null = null;

/** Returns when the parent has resumed the process. */
function stop(sleeps: boolean): void {
  say({ kind: "stopping" });
  if (sleeps) clock.stopMonotonic();
  process.kill(process.pid, "SIGSTOP");
  // The signal may arrive a moment later, in another thread.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
  if (sleeps) clock.startMonotonic();
}

function entered(): void {
  if (stopsInApplication === null) return;
  const { sleeps } = stopsInApplication;
  stopsInApplication = null;
  stop(sleeps);
}

process.on("message", (order: Order) => {
  switch (order.kind) {
    case "begin":
      clock = new ScaledClock(order.settings.speed);
      if (order.settings.role === "gate") runGate({ settings: order.settings, clock, calls, entered, say });
      else close = runCoordinator({ settings: order.settings, clock, calls, say });
      break;
    case "hold":
      calls.hold(order.holds);
      break;
    case "go":
      calls.go(order.id);
      break;
    case "stop":
      stopsInApplication = order.at === "application" ? order : null;
      if (order.at === "once") stop(order.sleeps);
      break;
    case "wall":
      clock.moveWall(order.by);
      break;
    case "monotonic":
      if (order.runs) clock.startMonotonic();
      else clock.stopMonotonic();
      break;
    case "store":
      calls.set(order.state);
      break;
    case "close":
      close?.(order.request);
      break;
  }
});
process.on("disconnect", () => process.exit());
say({ kind: "loaded" });
flushCompileCache();
