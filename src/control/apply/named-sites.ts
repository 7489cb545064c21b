import { ALL_SITES } from "../../state/site-record.ts";
import type { ValidCommand } from "../command.ts";

/** Returns the sites whose records `command` needs; `null` for all of them, to check that no other site has the same host. */
export function sitesNamedBy(command: ValidCommand): readonly string[] | null {
  switch (command.type) {
    case "close":
    case "open":
      return command.sites ?? [ALL_SITES];
    case "edit":
    case "add-site":
      return command.hosts === undefined || command.hosts.length === 0 ? [command.site] : null;
    case "remove-site":
      return [command.site];
    case "restore":
      return command.records.map(({ site }) => site);
    case "add-token":
      return [ALL_SITES, ...(command.token.sites ?? [])];
    case "revoke-tokens":
    case "begin-sessions":
    case "end-session":
    case "end-sessions":
      return [ALL_SITES];
    default:
      return [command.site ?? ALL_SITES];
  }
}

/** Whether `command` is not refused for an unknown site. */
export function acceptsUnknownSites(command: ValidCommand): boolean {
  const { type } = command;
  return type === "add-site" || type === "restore" || ("ignoreMissing" in command && command.ignoreMissing === true);
}
