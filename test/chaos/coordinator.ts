import { createController } from "../../src/control/controller.ts";
import { messageOf } from "../../src/errors.ts";
import type { Store } from "../../src/stores/store.ts";
import { openStoreOf } from "../support/servers/open-store-of.ts";
import { type HeldCalls, heldStore } from "./held-store.ts";
import {
  type BarrierOutcome,
  type BarrierRequest,
  type CoordinatorSettings,
  HOST,
  machineTime,
  type Report,
  SITE,
} from "./messages.ts";
import type { ScaledClock } from "./scaled-clock.ts";

interface CoordinatorProcess {
  readonly settings: CoordinatorSettings;
  readonly clock: ScaledClock;
  readonly calls: HeldCalls;
  readonly say: (report: Report) => void;
}

/** Returns what closes the site, waits, and says the outcome. */
export function runCoordinator({ settings, clock, calls, say }: CoordinatorProcess): (wanted: BarrierRequest) => void {
  let looked = machineTime();
  const opened = openStoreOf(settings.store, settings.options);
  const noted: Store = {
    ...opened,
    load(options) {
      looked = machineTime();
      return opened.load(options);
    },
  };
  const store = heldStore(noted, calls, settings.speed);
  const controller = createController({ store, sites: { [SITE]: { hosts: [HOST] } }, clock }, { by: "chaos" });

  async function closeAndWait({ timeout, expect }: BarrierRequest): Promise<BarrierOutcome> {
    const wait = { timeout, queue: true, ...(expect !== null && { expect }) };
    const { exit, processes, reasons } = await controller.close(SITE, { wait });
    return {
      exit,
      returned: String(machineTime()),
      looked: String(looked),
      evicted: processes.filter(({ standing }) => standing === "evicted").map(({ pid }) => pid),
      reasons: reasons.map((reason) =>
        reason.kind === "process" ? `${reason.process.standing} ${reason.process.because ?? ""}`.trim() : reason.kind,
      ),
    };
  }

  say({ kind: "ready", port: 0 });
  return (wanted) => {
    closeAndWait(wanted).then(
      (outcome) => say({ kind: "outcome", outcome }),
      (error: unknown) => {
        const failed = {
          returned: String(machineTime()),
          looked: String(looked),
          evicted: [],
          reasons: [messageOf(error)],
        };
        say({ kind: "outcome", outcome: { exit: 1, ...failed } });
      },
    );
  };
}
