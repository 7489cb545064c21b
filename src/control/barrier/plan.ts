import type { BarrierDetails } from "../../fleet/barrier.ts";
import type { Actor } from "../../state/actor.ts";
import type { CommandResult } from "../controller.ts";
import type { ClosureAsLeft } from "./compare-closure.ts";
import type { OwnBarrier } from "./own-barrier.ts";
import type { NormalWait } from "./wait-options.ts";
import type { WaitResult } from "./wait-result.ts";
import type { PreparedCommand } from "./write-once.ts";

/** The work of one coordinator. */
export interface BarrierPlan {
  /** The name of the command, for other operators. */
  readonly label: string;
  /** The author of the changes. */
  readonly by: Actor;
  /** The barrier stays after the proof, until its holder ends it. */
  readonly isHold: boolean;
  /** Waits for the processes. Otherwise the sites are closed, and nothing is claimed of the processes. */
  readonly proves: boolean;
  /** Removes holds that are in the way. */
  readonly takesOver: boolean;
  readonly wait: NormalWait;
  /** The closing change. */
  readonly close: PreparedCommand;
  /** Restores the sites as the closing change has found them, where no other change has switched them since. */
  restore(change: CommandResult): PreparedCommand;
}

export interface BarrierRun {
  readonly result: WaitResult;
  /** The closing change; `null` if it was not written. */
  readonly change: CommandResult | null;
  /** The barrier, if it goes on. */
  readonly held: HeldBarrier | null;
}

/** A barrier that goes on after the closing change. */
export interface HeldBarrier {
  readonly own: OwnBarrier;
  readonly details: BarrierDetails;
  readonly left: ClosureAsLeft;
  /** Id of the list. */
  readonly list: string;
  readonly lineage: string;
}
