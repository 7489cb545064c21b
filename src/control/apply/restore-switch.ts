import type { Exemptions, SiteRecord } from "../../state/site-record.ts";
import type { FoundRecord, SwitchSettings } from "../command.ts";
import { mergeExemptions } from "./exemption-list.ts";

type Change = Pick<FoundRecord, "found" | "left">;

/** Whether this scope was the last to switch the site. Compares ids: another scope may have chosen the same settings. */
export function isStillOf({ scope }: Pick<SiteRecord, "scope">, { left, found }: Change): boolean {
  return scope !== null && scope === left.scope && scope !== found.scope;
}

/** Returns the switch as a scope found it, with the permanent changes since: exemptions, and edits of settings that the scope did not set. */
export function restoreSwitch(current: SwitchSettings, { found, left }: Change): SwitchSettings {
  const pick = <Key extends keyof SwitchSettings>(key: Key): SwitchSettings[Key] =>
    isSame(found[key], left[key]) ? current[key] : found[key];
  const withChanges = (exemptions: Exemptions): Exemptions =>
    mergeExemptions(exemptions, lastingExemptions(left), lastingExemptions(current));
  const { mode, since, until, scope, restore } = found;
  return {
    ...{ mode, since, until, scope },
    restore: restore?.exemptions === undefined ? restore : { ...restore, exemptions: withChanges(restore.exemptions) },
    paths: pick("paths"),
    exemptions: withChanges(found.exemptions),
    lockdown: pick("lockdown"),
    notice: pick("notice"),
    response: pick("response"),
  };
}

/** Returns the exemptions without those of a closure. */
function lastingExemptions({ exemptions, restore }: SwitchSettings): Exemptions {
  return restore?.exemptions ?? exemptions;
}

export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function switchSettingsOf(record: SiteRecord): SwitchSettings {
  const { mode, since, until, restore, scope, paths, exemptions, lockdown, notice, response } = record;
  return { mode, since, until, restore, scope, paths, exemptions, lockdown, notice, response };
}
