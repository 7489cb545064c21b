import type { CommandResult } from "../controller.ts";
import type { WaitResult } from "./wait-result.ts";

/** The effect of a closure that waited for the processes. */
export interface WaitedClosure extends WaitResult {
  /** The closing change; `null` if it was not written. */
  readonly change: CommandResult | null;
}
