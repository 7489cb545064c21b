import type { Outcome } from "../../control/apply/apply-command.ts";
import { type AddressSources, exemptionWarnings } from "../../control/views/exemption-warnings.ts";
import { type WayIn, waysOfRecord } from "../../control/views/ways-in.ts";
import type { SiteRecord } from "../../state/site-record.ts";
import type { Project } from "../project/project.ts";

/** What an operator should hear of the exemptions that a change adds, before it is made. */
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

/** The same of every rule that counts. */
export function standingWarnings(ways: readonly WayIn[], { options, ignoredProxies }: Project): readonly string[] {
  return exemptionWarnings(ways, { ...options, ignoredProxies });
}
