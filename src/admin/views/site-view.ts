import { ignoredProxies } from "../../adapters/shared/find-address.ts";
import type { NormalOptions } from "../../config/normal-options.ts";
import { type AddressSources, exemptionWarnings } from "../../control/views/exemption-warnings.ts";
import { waysOfRecord } from "../../control/views/ways-in.ts";
import { type InForce, inForce } from "../../engine/decide/in-force.ts";
import type { CompiledSite } from "../../engine/snapshot/compiled-site.ts";
import type { Snapshot } from "../../engine/snapshot/snapshot.ts";
import type { GateInternals } from "../../gate/internals.ts";
import { isClosedAt, recordAt } from "../../schedule/timetable.ts";
import type { BypassLink } from "../../state/bypass-link.ts";
import { formatInstant, parseInstant } from "../../state/instant.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import { type Principal, RIGHTS } from "../access/principal.ts";
import type { AdminContext } from "../admin-context.ts";
import { unknownSite } from "../api/route.ts";
import type { LinkView, SiteView } from "../schema/responses.ts";
import { metByVisitors } from "./visible-record.ts";

/** Returns the gate's record of `site`. Throws a refusal with 404. */
export function findSite(snapshot: Snapshot, site: string): CompiledSite {
  const found = snapshot.sites.get(site);
  if (found === undefined) throw unknownSite(site);
  return found;
}

/** Returns a site as `principal` may see it, without secrets: without the right to view it, only what visitors can find out. */
export function siteView(
  { gate, now }: AdminContext,
  principal: Principal,
  site: CompiledSite,
  snapshot: Snapshot = gate.snapshot,
): SiteView {
  const { options } = gate;
  const time = now();
  const sees = principal.may("view", site.id);
  const stored = recordAt(site.stored, time);
  const record = sees ? stored : metByVisitors(stored);
  const { id, paths, exemptions, lockdown, notice, response, changed } = record;
  const configuredHosts = sees ? (options.sites.get(id) ?? []) : [];
  const closed = isClosedAt(record, time);
  return {
    id,
    configured: isConfigured(id, options),
    hosts: sees ? hostsOf(site, options) : [],
    configuredHosts,
    mode: closed ? record.mode : "open",
    until: closed ? record.until : null,
    inForce: inForceView(inForce(snapshot, id, "anywhere", time)),
    paths,
    exemptions,
    lockdown,
    notice,
    response,
    links: record.links.map((link) => linkView(id, link, time)),
    afterwards: record.restore,
    warnings: exemptionWarnings(waysOfRecord(record, time), addressSources(gate)),
    version: site.stored.version,
    changed,
    may: RIGHTS.filter((right) => principal.may(right, id)),
  };
}

function inForceView({ mode, until, by, only }: InForce): SiteView["inForce"] {
  return { mode, until: until === null ? null : formatInstant(until), by, only };
}

/** Returns what the gate knows about how clients' addresses are found. */
export function addressSources(gate: GateInternals): AddressSources {
  const { trustProxy, ignoreCase } = gate.options;
  return { trustProxy, ignoreCase, ignoredProxies: ignoredProxies(gate) };
}

export function linkView(site: string, link: BypassLink, now: number): LinkView {
  const { id, label, expires, untilOpen = false, limited = false, created } = link;
  const expired = expires !== null && parseInstant(expires) <= now;
  return { id, site, label, expires, expired, untilOpen, limited, created };
}

/** Hosts of the configuration, then of the record. */
export function hostsOf({ stored }: CompiledSite, { sites }: NormalOptions): readonly string[] {
  return [...new Set([...(sites.get(stored.id) ?? []), ...stored.hosts])];
}

function isConfigured(id: string, { sites, groups }: NormalOptions): boolean {
  return id === ALL_SITES || sites.has(id) || groups.includes(id);
}
