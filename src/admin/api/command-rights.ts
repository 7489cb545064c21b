import type { AnyCommand, FoundRecord, SwitchSettings } from "../../control/command.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { Right } from "../access/principal.ts";

export interface NeededRight {
  readonly right: Right;
  /** The sites on which the right is needed. */
  readonly sites: readonly string[];
}

/**
 * Returns the right that a type of command needs on each site that it names, as far as it can be checked before the rest is validated.
 * `neededRights` returns all of them. A command that names its sites in an invalid way needs the right on all sites.
 */
export function firstRight(command: { readonly type: AnyCommand["type"] }): NeededRight {
  const [right, which] = RIGHT_OF[command.type];
  return { right, sites: which === ALL_SITES ? [ALL_SITES] : namedBy(command) };
}

function namedBy(command: object): readonly string[] {
  const member = (of: unknown, name: string): unknown =>
    typeof of === "object" && of !== null ? Reflect.get(of, name) : undefined;
  const [site, sites, records] = ["site", "sites", "records"].map((name) => member(command, name));
  const named = Array.isArray(records) ? records.map((one) => member(one, "site")) : (sites ?? [site ?? ALL_SITES]);
  const isNamed = Array.isArray(named) && named.every((one) => typeof one === "string");
  return isNamed ? named : [ALL_SITES];
}

/** The right for each type of command, on `*` or on the sites that it names. */
const RIGHT_OF: Readonly<Record<AnyCommand["type"], readonly [right: Right, site: typeof ALL_SITES | "named"]>> = {
  close: ["switch", "named"],
  open: ["switch", "named"],
  restore: ["switch", "named"],
  edit: ["edit", "named"],
  "add-exemptions": ["edit", "named"],
  "remove-exemptions": ["edit", "named"],
  "add-site": ["edit", ALL_SITES],
  "remove-site": ["edit", ALL_SITES],
  "add-link": ["links", "named"],
  "revoke-links": ["links", "named"],
  "add-token": ["access", ALL_SITES],
  "revoke-tokens": ["access", ALL_SITES],
  "begin-sessions": ["access", ALL_SITES],
  "end-session": ["access", ALL_SITES],
  "end-sessions": ["access", ALL_SITES],
};

/** Every right that the sender of `command` needs: the same as the routes for each of these commands require. */
export function neededRights(command: AnyCommand): readonly NeededRight[] {
  const first = firstRight(command);
  if (command.type === "restore") {
    return [first, { right: "edit", sites: command.records.filter(changesWhatLasts).map(siteOf) }];
  }
  // A site that takes a host takes it from all others.
  if (command.type === "edit" && command.hosts !== undefined) {
    return [first, { right: "edit", sites: [ALL_SITES] }];
  }
  return [first];
}

function siteOf({ site }: Pick<FoundRecord, "site">): string {
  return site;
}

/** A scope restores the settings that it found. But a client can send any settings, and could exempt itself permanently. */
function changesWhatLasts({ left, found }: FoundRecord): boolean {
  return JSON.stringify(lasting(left)) !== JSON.stringify(lasting(found));
}

/** The settings that remain when the site is open. */
function lasting(settings: SwitchSettings): readonly unknown[] {
  const { paths, exemptions, lockdown, notice, response } = { ...settings, ...settings.restore };
  return [paths, exemptions, lockdown, notice, response];
}
