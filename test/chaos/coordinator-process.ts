// Runs a barrier for each message of its parent, as `maintenance-mode on --wait` does, and sends the outcome.
import { normalizeOptions } from "../../src/config/normalize-options.ts";
import { environmentOf } from "../../src/control/barrier/close-and-wait.ts";
import { runBarrier } from "../../src/control/barrier/coordinator.ts";
import { normalizeWait } from "../../src/control/barrier/wait-options.ts";
import { controllerFor } from "../../src/control/controller.ts";
import { messageOf } from "../../src/errors.ts";
import { parseActor } from "../../src/state/actor.ts";
import { openStoreOf } from "../support/servers/open-store-of.ts";
import { type BarrierOutcome, type BarrierRequest, HOST, machineTime, type ProcessSettings, SITE } from "./messages.ts";
import { scaledClock, scaledList } from "./scaled-clock.ts";

const { store: kind, options: storeOptions, speed }: ProcessSettings = JSON.parse(process.argv[2] ?? "");
const clock = scaledClock(speed);
const options = normalizeOptions({
  store: openStoreOf(kind, storeOptions),
  sites: { [SITE]: { hosts: [HOST] } },
  clock,
});
const controller = controllerFor(options, "chaos");
const by = parseActor({ kind: "program", label: "chaos" });

async function runOne({ timeout, expect }: BarrierRequest): Promise<BarrierOutcome> {
  const store = await controller.store();
  if (store.members === undefined) throw new TypeError(`${store.name} keeps no list of processes.`);
  const plan = {
    label: "on",
    by,
    isHold: false,
    proves: true,
    takesOver: false,
    wait: normalizeWait({ timeout, queue: true, ...(expect !== null && { expect }) }, "the wait"),
    close: await controller.prepare({ type: "close", sites: [SITE] }, by),
    restore: (change: Parameters<typeof controller.prepareRestore>[0]) => controller.prepareRestore(change, by),
  };
  const environment = { ...environmentOf(store, options, crypto.randomUUID()), monotonic: clock.monotonic };
  const { result } = await runBarrier(plan, scaledList(store.members, speed), environment);
  return {
    exit: result.exit,
    returned: String(machineTime()),
    evicted: result.processes.filter(({ standing }) => standing === "evicted").map(({ pid }) => pid),
    reasons: result.reasons.map((reason) =>
      reason.kind === "process" ? `${reason.process.standing} ${reason.process.because ?? ""}`.trim() : reason.kind,
    ),
  };
}

process.on("message", (request: BarrierRequest) => {
  runOne(request).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) =>
      process.send?.({ exit: 1, returned: String(machineTime()), evicted: [], reasons: [messageOf(error)] }),
  );
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
