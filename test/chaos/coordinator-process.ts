// Closes the site and waits for each message of its parent, and sends the outcome. Its settings are the argument.
import { createController } from "../../src/control/controller.ts";
import { messageOf } from "../../src/errors.ts";
import { openStoreOf } from "../support/servers/open-store-of.ts";
import { type BarrierOutcome, type BarrierRequest, HOST, machineTime, type ProcessSettings, SITE } from "./messages.ts";
import { scaledClock, scaledList } from "./scaled-clock.ts";

const { store: kind, options, speed }: ProcessSettings = JSON.parse(process.argv[2] ?? "");
const store = openStoreOf(kind, options);
if (store.members === undefined) throw new TypeError(`${store.name} keeps no list of processes.`);
const controller = createController(
  {
    store: { ...store, members: scaledList(store.members, speed) },
    sites: { [SITE]: { hosts: [HOST] } },
    clock: scaledClock(speed),
  },
  { by: "chaos" },
);

async function closeAndWait({ timeout, expect }: BarrierRequest): Promise<BarrierOutcome> {
  const wait = { timeout, queue: true, ...(expect !== null && { expect }) };
  const { exit, processes, reasons } = await controller.close(SITE, { wait });
  return {
    exit,
    returned: String(machineTime()),
    evicted: processes.filter(({ standing }) => standing === "evicted").map(({ pid }) => pid),
    reasons: reasons.map((reason) =>
      reason.kind === "process" ? `${reason.process.standing} ${reason.process.because ?? ""}`.trim() : reason.kind,
    ),
  };
}

process.on("message", (request: BarrierRequest) => {
  closeAndWait(request).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) =>
      process.send?.({ exit: 1, returned: String(machineTime()), evicted: [], reasons: [messageOf(error)] }),
  );
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
