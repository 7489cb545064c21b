import type { MemberList, StoredMember } from "../../stores/members.ts";

/** Why a row is removed: its process was found dead, or an operator says so. A process that is alive after all joins again. */
export type RemovalReason = "buried" | "assumed-dead";

export function isAssumedDead({ evicted }: StoredMember): boolean {
  return evicted === "buried" || evicted === "assumed-dead";
}

/** Removes a row, so that it can no longer be renewed. Returns `false` if it was renewed since it was read: its process is alive. */
export async function removeRow(members: MemberList, row: StoredMember, reason: RemovalReason): Promise<boolean> {
  const { id, seq, evicted } = row;
  if (evicted !== null) {
    await members.leave(id, seq);
    return true;
  }
  // First marked: that alone tells whether the row was still the same.
  if ((await members.evict(id, seq, reason)) === "conflict") return false;
  await members.leave(id, seq + 1);
  return true;
}
