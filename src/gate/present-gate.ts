import type { NormalOptions } from "../config/normal-options.ts";
import type { Snapshot } from "../engine/snapshot/snapshot.ts";
import type { Feed } from "../feed/feed.ts";
import { attest } from "../fleet/attest.ts";
import type { BarrierTarget } from "../fleet/barrier.ts";
import { Cut } from "../fleet/cut.ts";
import type { PresentGate } from "../fleet/presence.ts";
import { NOTHING_UNDER_WAY, type UnderWayCounts } from "../fleet/row.ts";
import type { CutKinds } from "../fleet/under-way.ts";
import type { GuardedServers } from "./guarded-servers.ts";

/** Counts the work that a gate has let in and that has not ended. */
interface WorkCounts {
  cut(targets: readonly BarrierTarget[], kinds: CutKinds): void;
  counts(): UnderWayCounts;
  countsOf(targets: readonly BarrierTarget[]): UnderWayCounts;
}

interface GateParts {
  /** Returns the state and the policy, without the effect of barriers. */
  readonly snapshot: () => Snapshot;
  readonly options: () => NormalOptions;
  /** Returns `null` if the gate counts nothing. */
  readonly underWay: () => WorkCounts | null;
  readonly servers: GuardedServers;
  readonly feed: Feed;
  readonly onBarriers: () => void;
}

/** Returns the side of a gate that its presence reports. */
export function presentGate({ snapshot, options, underWay, servers, feed, onBarriers }: GateParts): PresentGate {
  const cut = new Cut(options().clock);
  return {
    read() {
      const { neverLoaded, lineage, version, policy } = snapshot();
      return {
        state: servers.hasUnguarded ? "unguarded" : "in",
        position: neverLoaded ? null : { lineage, version },
        override: policy.override?.mode ?? null,
        groups: options().groups,
        underWay: underWay()?.counts() ?? NOTHING_UNDER_WAY,
      };
    },
    attest(barrier, isConfirmed) {
      const countsOf = (targets: readonly BarrierTarget[]): UnderWayCounts =>
        underWay()?.countsOf(targets) ?? NOTHING_UNDER_WAY;
      const now = options().clock.now();
      const attested = attest(barrier, { snapshot: snapshot(), options: options(), now, isConfirmed, countsOf });
      if (attested.outcome === "closed") cut.closed(barrier, (targets, kinds) => underWay()?.cut(targets, kinds));
      return attested;
    },
    async refresh() {
      await feed.refresh();
      return feed.status().error === null && !snapshot().neverLoaded;
    },
    onBarriers,
  };
}
