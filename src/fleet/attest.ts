import type { NormalOptions } from "../config/normal-options.ts";
import type { CompiledSite } from "../engine/snapshot/compiled-site.ts";
import type { KnownSites } from "../engine/snapshot/known-sites.ts";
import type { Snapshot } from "../engine/snapshot/snapshot.ts";
import { activeMode } from "../schedule/timetable.ts";
import { parseInstant } from "../state/instant.ts";
import { compareModes } from "../state/mode.ts";
import { ALL_SITES } from "../state/site-record.ts";
import type { Barrier } from "../stores/members.ts";
import type { BarrierTarget } from "./barrier.ts";
import { targetsOf } from "./barrier-fence.ts";
import type { Attest, UnderWayCounts } from "./row.ts";

/** The state of a gate, as far as an attest depends on it. */
export interface AttestedGate {
  readonly snapshot: Snapshot;
  readonly options: Pick<NormalOptions, "exempt" | "operatorPaths" | "groups">;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The state was read after the row of the gate was listed. */
  readonly isConfirmed: boolean;
  readonly countsOf: (targets: readonly BarrierTarget[]) => UnderWayCounts;
}

type Outcome = Pick<Attest, "outcome" | "because">;

/** Returns what visitors of the targets of a barrier get from a gate: the outcome, and not the version that it has applied. */
export function attest(barrier: Barrier, gate: AttestedGate): Attest {
  const targets = targetsOf(barrier);
  const outcomes = targets.map((target) => outcomeOf(target, gate));
  const outcome = outcomes.find((one) => one.outcome === "open") ??
    outcomes.find((one) => one.outcome === "closed") ?? { outcome: "not-mine" };
  return { barrier: barrier.id, ...outcome, underWay: gate.countsOf(targets), waysIn: waysInto(targets, gate) };
}

function outcomeOf(target: BarrierTarget, { snapshot, options, now, isConfirmed }: AttestedGate): Outcome {
  const { override } = snapshot.policy;
  if (override !== null) return override.mode === "open" ? { outcome: "open", because: "override" } : CLOSED;
  if (!isConfirmed || snapshot.neverLoaded) return { outcome: "open", because: "not loaded" };
  const site = snapshot.sites.get(target.site);
  const isGroup = target.site !== ALL_SITES && (site === undefined || snapshot.sites.hostsOf(site).length === 0);
  if (isGroup && !options.groups.includes(target.site)) return { outcome: "not-mine" };
  const closures = closersOf(target, snapshot).filter(
    (one) => compareModes(activeMode(one, now), leastModeOf(target)) >= 0,
  );
  if (closures.some(({ record }) => coversAll(record.paths, target.paths))) return CLOSED;
  return { outcome: "open", because: closures.length > 0 ? "scope" : "behind" };
}

const CLOSED: Outcome = { outcome: "closed" };

/** A barrier that asks for nothing does not exist; one that says so is taken for one that closes. */
function leastModeOf({ mode }: BarrierTarget): BarrierTarget["mode"] {
  return mode === "open" ? "closed" : mode;
}

/** Returns the sites each of which can close all of the target. */
function closersOf({ site }: BarrierTarget, { sites, forAll, all }: Snapshot): readonly CompiledSite[] {
  const own = sites.get(site);
  return site === ALL_SITES ? [all] : [...(own === undefined ? [] : [own]), ...forAll.filter(({ id }) => id !== site)];
}

/** Whether a closure of `paths` contains all of `targets`. Patterns are compared as they are written; an empty list is the whole site. */
function coversAll(paths: readonly string[], targets: readonly string[]): boolean {
  return paths.length === 0 || (targets.length > 0 && targets.every((path) => paths.includes(path)));
}

/** Returns the number of the rules of each kind that let requests into the targets. Expired links do not count. */
function waysInto(targets: readonly BarrierTarget[], { snapshot, options, now }: AttestedGate): Attest["waysIn"] {
  const { exempt, operatorPaths } = options;
  const counts: Record<string, number> = {};
  const add = (kind: string, count: number): void => {
    if (count > 0) counts[kind] = (counts[kind] ?? 0) + count;
  };
  add("surface", operatorPaths.length);
  const closers = targets
    .map((target) => closersOf(target, snapshot))
    .filter((sites) => !sites.some((one) => one.lockdown && activeMode(one, now) !== "open"))
    .flat();
  if (closers.length === 0) return counts;
  add("address", exempt.addresses.length);
  add("path", exempt.paths.length);
  add("method", exempt.methods.size);
  add("user", userKinds(exempt.users));
  add("test-run", Number(exempt.testRun));
  const isAll = targets.some(({ site }) => site === ALL_SITES);
  for (const one of new Set(isAll ? [...closers, ...sitesWithRules(snapshot.sites)] : closers)) {
    const { exemptions, links } = one.record;
    add("address", exemptions.addresses.length);
    add("path", exemptions.paths.length);
    add("link", links.filter(({ expires }) => expires === null || parseInstant(expires) > now).length);
  }
  return counts;
}

function userKinds(users: NormalOptions["exempt"]["users"]): number {
  if (users === null) return 0;
  const kinds = [users.anonymous, users.authenticated, users.staff, users.superuser, users.predicate !== null];
  return kinds.filter(Boolean).length;
}

/** Computed once per state: there may be 100,000 sites, and each can let its own visitors in while `*` is closed. */
const withRules = new WeakMap<KnownSites, readonly CompiledSite[]>();

function sitesWithRules(sites: KnownSites): readonly CompiledSite[] {
  let found = withRules.get(sites);
  if (found === undefined) {
    found = [...sites.sites.byId.values()].filter(({ rules: { exemptPaths, exemptAddresses, limited, links } }) =>
      [exemptPaths, exemptAddresses, limited, links].some((rule) => rule !== null),
    );
    withRules.set(sites, found);
  }
  return found;
}
