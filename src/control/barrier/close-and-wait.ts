import { identifyThisProcess, isAlive } from "#platform";
import { monotonic } from "../../clock.ts";
import type { NormalOptions } from "../../config/normal-options.ts";
import type { Actor } from "../../state/actor.ts";
import type { Store } from "../../stores/store.ts";
import { mintId } from "../apply/mint-access-token.ts";
import type { CloseCommand } from "../command.ts";
import type { Authority } from "../controller.ts";
import { runBarrier } from "./coordinator.ts";
import { type BarrierEnvironment, requireMembers } from "./environment.ts";
import { createHold, type Hold } from "./hold.ts";
import type { BarrierRun } from "./plan.ts";
import type { PreparingController } from "./preparing-controller.ts";
import { type NormalWait, normalizeWait } from "./wait-options.ts";
import type { WaitedClosure } from "./wait-result.ts";

export interface ClosingWait {
  readonly controller: PreparingController;
  readonly options: NormalOptions;
  readonly command: CloseCommand;
  readonly by: Actor;
  readonly authority?: Authority | undefined;
  readonly wait: NormalWait;
  /** The name of the command, for messages and for other operators. */
  readonly label: string;
  /** @default a barrier that ends with the wait */
  readonly hold?: { readonly proves: boolean; readonly takesOver: boolean };
}

/** Runs a barrier with the clocks and the identity of this process. */
export async function closeAndWait(closing: ClosingWait): Promise<WaitedRun> {
  const { controller, options, command, by, authority, wait, label, hold } = closing;
  const store = await controller.store();
  const members = requireMembers(store);
  const id = mintId();
  // A hold is recognised by its scope when it restores; and it does not end by the clock.
  const closure: CloseCommand = hold === undefined ? command : { ...command, until: null, scope: id };
  const plan = {
    label,
    by,
    isHold: hold !== undefined,
    proves: hold?.proves ?? true,
    takesOver: hold?.takesOver ?? false,
    wait,
    close: await controller.prepare(closure, by, authority),
    restore: (change: Parameters<PreparingController["prepareRestore"]>[0]) => controller.prepareRestore(change, by),
  };
  const env = environmentOf(store, options, id);
  const { result, change, held } = await runBarrier(plan, members, env);
  if (held === null || change === null) return { result, change, hold: null };
  const restore = plan.restore(change);
  return { result, change, hold: createHold({ held, members, env, close: plan.close, change, restore }) };
}

export interface WaitedRun extends Pick<BarrierRun, "result" | "change"> {
  /** The hold, if one was asked for and goes on. */
  readonly hold: Hold | null;
}

/** The same for `controller.close`. Throws `ERR_INVALID_COMMAND` for an invalid wait. */
export async function waitFor(closing: Omit<ClosingWait, "wait" | "label">, wait: unknown): Promise<WaitedClosure> {
  const valid = normalizeWait(wait, "controller.close, the option 'wait'");
  const { result, change } = await closeAndWait({ ...closing, wait: valid, label: closing.by.label });
  return { ...result, change };
}

function environmentOf(store: Store, options: NormalOptions, id: string): BarrierEnvironment {
  const self = identifyThisProcess();
  const { clock } = options;
  return {
    store,
    options,
    clock,
    monotonic: () => monotonic(clock),
    mintId: () => id,
    process: self,
    isAlive: async (other) => isAlive(other, self.space),
  };
}
