import type { Actor } from "../../state/actor.ts";
import type { Command } from "../command.ts";
import type { Authority, BaseController, CommandResult } from "../controller.ts";
import type { PreparedCommand } from "./write-once.ts";

/** A controller that can apply a command step by step, for a barrier. */
export interface PreparingController extends BaseController {
  /**
   * Returns the command, checked, for a caller that writes it itself.
   *
   * @throws as `execute` does before it reads the state
   */
  prepare(command: Command, by: Actor | string, authority?: Authority): Promise<PreparedCommand>;
  /** Returns the command that restores the sites as `change` has found them. A site that another change has switched since stays. */
  prepareRestore(change: CommandResult, by: Actor | string): PreparedCommand;
}
