import type { Gate } from "../../src/gate.ts";
import type { GateStatus } from "../../src/gate-status.ts";
import type { FakeClock } from "../../src/testing/fake-clock.ts";

/** Waits for a gate whose store fails: what the store does takes real time, and between two attempts the clock has to go on. */
export async function readyWithin(gate: Gate, clock: FakeClock): Promise<GateStatus> {
  let status: GateStatus | null = null;
  void gate.ready().then((found) => {
    status = found;
  });
  while (status === null) await clock.advance(100);
  return status;
}
