import { identifyThisProcess, isAlive } from "#platform";
import type { Clock } from "../../clock.ts";
import { withinDeadline } from "../../deadline.ts";
import { parseBarrier } from "../../fleet/barrier.ts";
import { openRecord } from "../../state/site-record.ts";
import type { Barrier } from "../../stores/members.ts";
import type { Store } from "../../stores/store.ts";
import type { Outcome } from "../apply/apply-command.ts";
import { narrowed, narrowing } from "../apply/narrowed.ts";
import { HeldError, type HeldView, viewBarrier } from "./held.ts";
import { isAbandoned } from "./is-abandoned.ts";

export interface HoldSource {
  readonly store: Pick<Store, "members" | "name">;
  readonly clock: Clock;
}

/** Time limit of reading the list before a switch. */
const MAX_LIST_MS = 3_000;

/** Returns the barriers and holds that are on; none if the store keeps no list, or one that cannot be read. */
export async function readHolds(source: HoldSource): Promise<readonly HeldView[]> {
  return (await readBarriers(source)).map(viewer(source));
}

/** Returns a function that views a barrier at this time, from this process. */
function viewer({ clock }: HoldSource): (barrier: Barrier) => HeldView {
  const { space } = identifyThisProcess();
  return (barrier) => viewBarrier(barrier, clock.now(), (holder) => isAlive(holder, space));
}

/** Throws `ERR_HELD` if one of the outcomes opens a site that a command holds, or closes it less than the command needs. */
export async function requireNotHeld(source: HoldSource, outcomes: readonly Outcome[]): Promise<void> {
  const weaker = narrowing(outcomes);
  const held = (await readBarriers(source)).filter((barrier) => weaker.some((outcome) => isBroken(barrier, outcome)));
  if (held.length > 0) throw new HeldError(held.map(viewer(source)));
}

/** Removes the holds of these sites whose holders have ended or fallen silent. One that is renewed ends with its command. Never rejects. */
export async function removeAbandonedHolds(source: HoldSource, outcomes: readonly Outcome[]): Promise<void> {
  const view = viewer(source);
  const isOf = ({ targets }: Barrier): boolean => outcomes.some(({ site }) => targets.includes(site));
  const abandoned = (await readBarriers(source)).filter((it) => isOf(it) && isAbandoned(view(it)));
  const { members } = source.store;
  // One that stays is shown by `status`.
  await Promise.allSettled(abandoned.map(({ id, seq }) => members?.removeBarrier(id, seq)));
}

/** A list that cannot be read must keep no operator from switching: `status` and `doctor` report it. */
async function readBarriers({ store: { members, name }, clock }: HoldSource): Promise<readonly Barrier[]> {
  if (members === undefined) return [];
  const limit = { name: `the list of processes of ${name}`, milliseconds: MAX_LIST_MS, clock };
  return await withinDeadline(limit, (signal) => members.list({ signal })).then(
    ({ barriers }) => barriers,
    () => [],
  );
}

/** Whether the outcome is weaker than what a hold needs. That of a later release needs the closure as it is. */
function isBroken(barrier: Barrier, { site, before, after }: Outcome): boolean {
  if (before === null || !barrier.targets.includes(site) || !viewBarrier(barrier, 0).isHold) return false;
  const target = targetOf(barrier, site) ?? before;
  return narrowed({ ...target, lockdown: before.lockdown }, after ?? openRecord(site)) !== null;
}

function targetOf(barrier: Barrier, site: string) {
  try {
    return parseBarrier(barrier).targets.find((target) => target.site === site);
  } catch {
    return undefined;
  }
}
