import { MaintenanceError } from "../../errors.ts";

/** Somebody was asked, and said no. */
export function cancelled(): MaintenanceError {
  return new MaintenanceError("ERR_INVALID_COMMAND", "Cancelled: nothing was changed.", {
    hint: "Run it again when you are ready.",
  });
}
