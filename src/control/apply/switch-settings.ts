import type { SiteRecord } from "../../state/site-record.ts";
import type { SwitchSettings } from "../command.ts";

export function switchSettingsOf(record: SiteRecord): SwitchSettings {
  const { mode, since, until, restore, scope, paths, exemptions, lockdown, notice, response } = record;
  return { mode, since, until, restore, scope, paths, exemptions, lockdown, notice, response };
}
