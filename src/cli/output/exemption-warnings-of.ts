import type { Outcome } from "../../control/apply/apply-command.ts";
import { type AddressSources, exemptionWarnings } from "../../control/views/exemption-warnings.ts";
import { type WayIn, waysOfRecord } from "../../control/views/ways-in.ts";
import type { SiteRecord } from "../../state/site-record.ts";
import type { Project } from "../project/project.ts";

/** Returns the warnings about exemptions that a change adds. */
export function newExemptionWarnings(
  outcomes: readonly Outcome[],
  { options, ignoredProxies }: Project,
  now: number,
): readonly string[] {
  const sources: AddressSources = { ...options, ignoredProxies };
  const warnings = (record: SiteRecord | null): readonly string[] =>
    record === null ? [] : exemptionWarnings(waysOfRecord(record, now), sources);
  const added = outcomes.flatMap(({ before, after }) => {
    const known = new Set(warnings(before));
    return warnings(after).filter((warning) => !known.has(warning));
  });
  return [...new Set(added)];
}

/** Returns the warnings about exemptions that are in force. */
export function standingWarnings(ways: readonly WayIn[], { options, ignoredProxies }: Project): readonly string[] {
  return exemptionWarnings(ways, { ...options, ignoredProxies });
}
