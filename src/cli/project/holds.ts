import { type HeldView, heldError, viewBarrier } from "../../control/barrier/held.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { Barrier } from "../../stores/members.ts";
import type { Project } from "./project.ts";

/** Returns the barriers and holds that are on; none if the store keeps no list. */
export async function readHolds({ controller, options }: Project): Promise<readonly HeldView[]> {
  const { members } = await controller.store();
  const { barriers } = (await members?.list()) ?? { barriers: [] };
  return barriers.map((barrier) => viewBarrier(barrier, options.clock.now()));
}

/** Throws `ERR_HELD` if a command runs behind the closure of one of `sites`. */
export async function requireNotHeld({ controller, options }: Project, sites: readonly string[]): Promise<void> {
  const { members } = await controller.store();
  const now = options.clock.now();
  const held = ((await members?.list())?.barriers ?? []).filter((barrier) => isHoldOf(barrier, sites, now));
  if (held.length > 0) throw heldError(held, now);
}

/** Removes the holds that their holders have lost. One that is renewed ends with its command. */
export async function removeLostHolds({ controller, options }: Project, sites: readonly string[]): Promise<void> {
  const { members } = await controller.store();
  const now = options.clock.now();
  for (const barrier of (await members?.list())?.barriers ?? []) {
    if (!isHoldOf(barrier, sites, now) || viewBarrier(barrier, now).phase !== "lost") continue;
    await members?.removeBarrier(barrier.id, barrier.seq);
  }
}

function isHoldOf(barrier: Barrier, sites: readonly string[], now: number): boolean {
  const opened = sites.length === 0 ? [ALL_SITES] : sites;
  return viewBarrier(barrier, now).isHold && barrier.targets.some((target) => opened.includes(target));
}
