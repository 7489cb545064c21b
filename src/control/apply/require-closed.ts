import { MaintenanceError } from "../../errors.ts";
import { isClosedAt } from "../../schedule/ended-closure.ts";
import { ALL_SITES, type SiteRecord } from "../../state/site-record.ts";

/** Throws `ERR_INVALID_COMMAND` for an open site: `what` ends with a closure, and there is none. */
export function requireClosed(record: SiteRecord, now: number, what: string): void {
  if (isClosedAt(record, now)) return;
  const name = record.id === ALL_SITES ? "The switch over all sites ('*')" : `'${record.id}'`;
  throw new MaintenanceError("ERR_INVALID_COMMAND", `${name} is open: ${what} needs a closure to end with.`, {
    hint: "Close the site first, or name a site that is closed.",
  });
}
