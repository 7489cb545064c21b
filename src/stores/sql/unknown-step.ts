import { MaintenanceError } from "../../errors.ts";

/** A migration of a later release stands in the way of this one's. */
export function unknownStep(name: string): MaintenanceError {
  const message = `The database has taken the migration '${name}', which is unknown here.`;
  return new MaintenanceError("ERR_STATE_TOO_NEW", message);
}
