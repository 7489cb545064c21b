import { identifyThisProcess, isAlive } from "#platform";
import { systemClock } from "../../clock.ts";
import type { NormalOptions } from "../../config/normal-options.ts";
import type { Actor } from "../../state/actor.ts";
import type { Store } from "../../stores/store.ts";
import { mintId } from "../apply/mint-access-token.ts";
import type { CloseCommand } from "../command.ts";
import type { PreparingController } from "../controller.ts";
import { type BarrierRun, runBarrier } from "./coordinator.ts";
import { type BarrierEnvironment, requireMembers } from "./environment.ts";
import type { NormalWait } from "./wait-options.ts";

export interface ClosingWait {
  readonly controller: PreparingController;
  readonly options: NormalOptions;
  readonly command: CloseCommand;
  readonly by: Actor;
  readonly wait: NormalWait;
  /** The name of the command, for messages and for other operators. */
  readonly label: string;
  /** @default a barrier that ends with the wait */
  readonly hold?: { readonly proves: boolean; readonly takesOver: boolean };
}

/** Runs a barrier with the clocks and the identity of this process. */
export async function closeAndWait(closing: ClosingWait): Promise<BarrierRun> {
  const { controller, options, command, by, wait, label, hold } = closing;
  const store = await controller.store();
  const members = requireMembers(store);
  const id = mintId();
  // A hold is recognised by its scope when it restores; and it does not end by the clock.
  const held: CloseCommand = hold === undefined ? command : { ...command, until: null, scope: id };
  const plan = {
    label,
    by,
    isHold: hold !== undefined,
    proves: hold?.proves ?? true,
    takesOver: hold?.takesOver ?? false,
    wait,
    close: await controller.prepare(held, by),
    restore: (change: Parameters<PreparingController["prepareRestore"]>[0]) => controller.prepareRestore(change, by),
  };
  return await runBarrier(plan, members, environmentOf(store, options, id));
}

export function environmentOf(store: Store, options: NormalOptions, id: string): BarrierEnvironment {
  const process = identifyThisProcess();
  const { clock } = options;
  return {
    store,
    options,
    clock,
    // A clock that was injected stands for both.
    monotonic: clock === systemClock ? () => performance.now() : () => clock.now(),
    mintId: () => id,
    process,
    isAlive: async (other) => isAlive(other, process.space),
  };
}
