import type { AnyCommand } from "../../control/command.ts";
import type { BaseController, CommandResult } from "../../control/controller.ts";
import { isMaintenanceError } from "../../errors.ts";
import type { Call } from "../admin-context.ts";
import { badRequest, RefusedRequest } from "../http/problem.ts";
import { findSite, siteView } from "../views/site-view.ts";

interface ChangeOptions {
  /** Only rehearse: nothing is written. @default false */
  readonly dryRun?: boolean | undefined;
  /** The path or the query names what the command changes, so that the answer is 404 when it does not exist. @default false */
  readonly isNamed?: boolean;
}

/**
 * Executes the command of a request. When this resolves, the gate has loaded the change. `defineRoute` checks the caller's rights before
 * and logs the change afterwards.
 *
 * @throws a refusal: 404 when the site in the path does not exist, 412 with the current site when `If-Match` names an older version
 */
export function change(
  call: Call<unknown, unknown>,
  command: AnyCommand,
  options?: ChangeOptions,
): Promise<CommandResult> {
  const { by, authority } = call;
  const method = options?.dryRun === true ? "rehearse" : "execute";
  return changeBy(call, (controller) => controller[method](command, by, authority), options);
}

/** The same for a change that is a method of the controller of its own. */
export async function changeBy<Result>(
  { admin, principal, params: { site }, version }: Call<unknown, unknown>,
  work: (controller: BaseController) => Promise<Result>,
  { dryRun = false, isNamed = false }: ChangeOptions = {},
): Promise<Result> {
  const { controller, gate } = admin;
  if (site !== "") findSite(gate.snapshot, site);
  let result: Result;
  try {
    result = await work(controller);
  } catch (error) {
    if (version !== -1 && isMaintenanceError(error, "ERR_CONFLICT")) {
      await gate.refresh();
      const current = siteView(admin, principal, findSite(gate.snapshot, site));
      throw new RefusedRequest(error, { status: 412, current });
    }
    if (isNamed && isMaintenanceError(error, "ERR_INVALID_COMMAND")) throw badRequest(404, error.message, error.hint);
    throw error;
  }
  if (!dryRun) await gate.refresh();
  return result;
}
