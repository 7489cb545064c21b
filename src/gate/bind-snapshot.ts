import type { Fence } from "../engine/decide/fence.ts";
import type { Snapshot } from "../engine/snapshot/snapshot.ts";
import { readBarrier } from "../fleet/barrier-fence.ts";
import type { Presence } from "../fleet/presence.ts";

/** Returns the snapshot for requests while a barrier is on: nothing passes without a decision. The same object while none is. */
export function bindSnapshot(snapshot: Snapshot, presence: Presence | null): Snapshot {
  if (presence === null || !presence.isBinding) return snapshot;
  const strict = presence.barriers.filter((barrier) => readBarrier(barrier)?.keepsUsers !== true);
  const anonymous = new Set(strict.flatMap(({ targets }) => targets));
  return { ...snapshot, passAll: false, open: null, binding: { anonymous } };
}

const fenced = new WeakMap<Snapshot, { readonly fence: Fence; readonly snapshot: Snapshot }>();

/** Returns the snapshot with these sites closed; the same object if there are none. Kept, because each request asks for it. */
export function fenceSnapshot(snapshot: Snapshot, fence: Fence | null): Snapshot {
  if (fence === null) return snapshot;
  const known = fenced.get(snapshot);
  if (known?.fence === fence) return known.snapshot;
  const next = { ...snapshot, fence };
  fenced.set(snapshot, { fence, snapshot: next });
  return next;
}
