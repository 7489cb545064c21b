import { type HeldView, heldError, viewBarrier } from "../../control/barrier/held.ts";
import { withinDeadline } from "../../deadline.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { Barrier } from "../../stores/members.ts";
import type { Project } from "./project.ts";

/** Time limit of reading the list before a switch. */
const MAX_LIST_MS = 3_000;

/** Returns the barriers and holds that are on; none if the store keeps no list, or one that cannot be read. */
export async function readHolds(project: Project): Promise<readonly HeldView[]> {
  const now = project.options.clock.now();
  return (await readBarriers(project)).map((barrier) => viewBarrier(barrier, now));
}

/** Throws `ERR_HELD` if a command runs behind the closure of one of `sites`. */
export async function requireNotHeld(project: Project, sites: readonly string[]): Promise<void> {
  const now = project.options.clock.now();
  const held = (await readBarriers(project)).filter((barrier) => isHoldOf(barrier, sites, now));
  if (held.length > 0) throw heldError(held, now);
}

/** Removes the holds that their holders have lost. One that is renewed ends with its command. */
export async function removeLostHolds(project: Project, sites: readonly string[]): Promise<void> {
  const { members } = await project.controller.store();
  const now = project.options.clock.now();
  for (const barrier of await readBarriers(project)) {
    if (!isHoldOf(barrier, sites, now) || viewBarrier(barrier, now).phase !== "lost") continue;
    await members?.removeBarrier(barrier.id, barrier.seq);
  }
}

/** A list that cannot be read must keep no operator from switching: `status` and `doctor` report it. */
async function readBarriers({ controller, options: { clock } }: Project): Promise<readonly Barrier[]> {
  const { members, name } = await controller.store();
  if (members === undefined) return [];
  const limit = { name: `the list of processes of ${name}`, milliseconds: MAX_LIST_MS, clock };
  return await withinDeadline(limit, (signal) => members.list({ signal })).then(
    ({ barriers }) => barriers,
    () => [],
  );
}

function isHoldOf(barrier: Barrier, sites: readonly string[], now: number): boolean {
  const opened = sites.length === 0 ? [ALL_SITES] : sites;
  return viewBarrier(barrier, now).isHold && barrier.targets.some((target) => opened.includes(target));
}
