import type { Controller } from "../../control/controller.ts";
import { type ChangesBySite, changesBySite } from "../../control/views/recorded-change.ts";
import { isMaintenanceError } from "../../errors.ts";
import { loadLinearRegExp } from "../../rules/linear-regexp.ts";

/** What was done lately, to tell since when a site is closed. Nothing where it cannot be read: that it is closed is told all the same. */
export async function readClosings(controller: Pick<Controller, "history">): Promise<ChangesBySite> {
  await loadLinearRegExp();
  try {
    return changesBySite(await controller.history({ limit: 200 }));
  } catch (error) {
    if (isMaintenanceError(error, "ERR_STATE_UNREADABLE")) return new Map();
    throw error;
  }
}
