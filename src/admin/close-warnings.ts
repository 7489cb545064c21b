import type { Outcome } from "../control/apply-command.ts";
import { shutsOut } from "../control/ways-in.ts";
import type { CompiledSite } from "../engine/compiled-site.ts";
import type { Gate } from "../gate.ts";
import { formatInstant } from "../state/instant.ts";
import { ALL_SITES, openRecord, type SiteRecord } from "../state/site-record.ts";

/** What an operator should hear who closes: what keeps the switch from reaching everybody, and a door that shuts behind themselves. */
export function closeWarnings(
  gate: Gate,
  before: ReadonlyMap<string, CompiledSite>,
  outcomes: readonly Outcome[],
  address: string | undefined,
): readonly string[] {
  const current = (id: string): SiteRecord => before.get(id)?.record ?? openRecord(id);
  const all = outcomes.find(({ site }) => site === ALL_SITES)?.after ?? current(ALL_SITES);
  const shut = (record: SiteRecord): boolean => shutsOut(address, record, all, gate.options);
  const doors = outcomes.flatMap(({ site, after }) => {
    if (after === null || !shut(after) || shut(current(site))) return [];
    const name = site === ALL_SITES ? "everything (*)" : `'${site}'`;
    return after.lockdown
      ? [`While ${name} is in lockdown no exemption counts: nobody gets in, not even you. This admin goes on working.`]
      : [
          `You will not get in to ${name} yourself: no address, user or link lets ${address ?? "you"} in. This admin goes on working.`,
        ];
  });
  return [...staleWarning(gate), ...doors];
}

/** The store was just written to, but this process cannot read it: others may be no better off. */
export function staleWarning(gate: Gate): readonly string[] {
  const { state, lastContact } = gate.status();
  if (state !== "stale") return [];
  const since = lastContact === null ? "never answered" : `has not answered since ${formatInstant(lastContact)}`;
  return [`The store ${since}: servers that cannot read it will not follow this switch.`];
}
