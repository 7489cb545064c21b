import type { WaitReason } from "../../../../src/control/barrier/wait-result.ts";
import { type BarrierWorld, barrierWorld } from "../../../support/barrier-world.ts";
import type { SimulatedMember } from "../../../support/simulated-member.ts";

/** Returns the kind of each reason; of a process, its label and standing. */
export function kindsOf(reasons: readonly WaitReason[]): readonly string[] {
  return reasons.map((reason) =>
    reason.kind === "process" ? `${reason.process.label} ${reason.process.standing}` : reason.kind,
  );
}

/** Returns a world with these members, and with a list that is old enough. */
export async function withMembers(
  ...names: readonly string[]
): Promise<{ readonly world: BarrierWorld; readonly members: readonly SimulatedMember[] }> {
  const world = barrierWorld();
  const members = await world.members(...names);
  await world.settle();
  return { world, members };
}

export async function barriersOf({ store }: BarrierWorld) {
  return (await store.members?.list())?.barriers ?? [];
}
