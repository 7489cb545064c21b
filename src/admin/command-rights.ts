import type { Command, FoundRecord, SwitchSettings } from "../control/command.ts";
import { ALL_SITES } from "../state/site-record.ts";
import type { Right } from "./access/principal.ts";

export interface NeededRight {
  readonly right: Right;
  /** On each of them. */
  readonly sites: readonly string[];
}

/** All that whoever sends `command` must be allowed: the same as the routes ask that have one of these commands each. */
export function neededRights(command: Command): readonly NeededRight[] {
  switch (command.type) {
    case "close":
    case "open":
      return [{ right: "switch", sites: command.sites ?? [ALL_SITES] }];
    case "put-back":
      return [
        { right: "switch", sites: command.records.map(siteOf) },
        { right: "edit", sites: command.records.filter(changesWhatLasts).map(siteOf) },
      ];
    case "edit":
    case "add-exemptions":
    case "remove-exemptions":
      return [{ right: "edit", sites: [command.site ?? ALL_SITES] }];
    case "add-site":
    case "remove-site":
      return [{ right: "edit", sites: [ALL_SITES] }];
    case "add-link":
    case "revoke-links":
      return [{ right: "links", sites: [command.site ?? ALL_SITES] }];
    case "add-token":
    case "revoke-tokens":
    case "begin-sessions":
    case "end-sessions":
      return [{ right: "access", sites: [ALL_SITES] }];
  }
}

function siteOf({ site }: FoundRecord): string {
  return site;
}

/** A scope puts back what it found; but what is sent here may say anything, and so let somebody in for good. */
function changesWhatLasts({ left, found }: FoundRecord): boolean {
  return JSON.stringify(lasting(left)) !== JSON.stringify(lasting(found));
}

/** What stands once the site is open. */
function lasting(settings: SwitchSettings): readonly unknown[] {
  const { paths, exemptions, lockdown, notice, response } = { ...settings, ...settings.restore };
  return [paths, exemptions, lockdown, notice, response];
}
