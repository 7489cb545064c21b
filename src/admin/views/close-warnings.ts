import type { Outcome } from "../../control/apply/apply-command.ts";
import { newExemptionWarnings } from "../../control/views/exemption-warnings.ts";
import { robotsWarningOfClosing } from "../../control/views/robots-warning.ts";
import { shutsOut } from "../../control/views/ways-in.ts";
import type { CompiledSite } from "../../engine/snapshot/compiled-site.ts";
import type { GateInternals } from "../../gate/internals.ts";
import { formatInstant } from "../../state/instant.ts";
import { ALL_SITES, openRecord, type SiteRecord } from "../../state/site-record.ts";
import { addressSources } from "./site-view.ts";

/**
 * Returns warnings before a closure: reasons why servers may not follow the switch, that operators shut themselves out, and the effect on
 * crawlers.
 */
export async function closeWarnings(
  gate: GateInternals,
  before: ReadonlyMap<string, CompiledSite>,
  outcomes: readonly Outcome[],
  address: string | undefined,
): Promise<readonly string[]> {
  const current = (id: string): SiteRecord => before.get(id)?.record ?? openRecord(id);
  const { options } = gate;
  const forAll = [...options.groups, ALL_SITES].map(
    (id) => outcomes.find(({ site }) => site === id)?.after ?? current(id),
  );
  const shut = (record: SiteRecord): boolean => shutsOut(address, record, forAll, options);
  const closed = outcomes.flatMap(({ site, after }) =>
    after !== null && shut(after) && !shut(current(site)) ? [after] : [],
  );
  const changes = outcomes.map((outcome) => ({ ...outcome, before: current(outcome.site) }));
  const records = outcomes.flatMap(({ after }) => after ?? []);
  const now = options.clock.now();
  const robots = await robotsWarningOfClosing(records, forAll, options, now);
  return [
    ...staleWarning(gate),
    ...shutWarnings(closed, address),
    ...newExemptionWarnings(changes, addressSources(gate), now),
    ...(robots === null ? [] : [`${robots}. Let the path /robots.txt in.`]),
  ];
}

/** The same warnings for sites that are closed already. */
export function standingWarnings(
  gate: GateInternals,
  closed: readonly string[],
  address: string | undefined,
): readonly string[] {
  const { forAll, sites } = gate.snapshot;
  const records = closed.flatMap((id) => sites.get(id)?.record ?? []);
  const recordsForAll = forAll.map(({ record }) => record);
  const shut = records.filter((record) => shutsOut(address, record, recordsForAll, gate.options));
  return [...overrideWarning(gate), ...staleWarning(gate), ...shutWarnings(shut, address)];
}

function shutWarnings(shut: readonly SiteRecord[], address: string | undefined): readonly string[] {
  const names = (lockdown: boolean): string => nameSites(shut.filter((record) => record.lockdown === lockdown));
  const [locked, closed] = [names(true), names(false)];
  const goesOn = "This admin goes on working.";
  const who = address ?? "you";
  return [
    ...(locked && [`In lockdown no exemption counts: no user gets in to ${locked}, not even you. ${goesOn}`]),
    ...(closed && [`You will not get in to ${closed} yourself: no address, user or link lets ${who} in. ${goesOn}`]),
  ];
}

const MAX_NAMED = 3;

/** Returns `'shop', 'blog' and 40 more`; empty without records. */
function nameSites(records: readonly SiteRecord[]): string {
  const named = records.slice(0, MAX_NAMED).map(({ id }) => (id === ALL_SITES ? "everything (*)" : `'${id}'`));
  const more = records.length - named.length;
  return `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The change was written, but this process cannot read the store: others may not be able to either. */
export function staleWarning(gate: GateInternals): readonly string[] {
  const { state, lastContact } = gate.status();
  if (state !== "stale") return [];
  const since = lastContact === null ? "never answered" : `has not answered since ${formatInstant(lastContact)}`;
  return [`The store ${since}: servers that cannot read it do not get this change.`];
}

function overrideWarning(gate: GateInternals): readonly string[] {
  const { override } = gate.options;
  return override === null
    ? []
    : [`An override is set by ${override.where}: no switch has any effect until it is removed.`];
}
