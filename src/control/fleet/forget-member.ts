import { MaintenanceError } from "../../errors.ts";
import { type Member, parseMember } from "../../fleet/member.ts";
import { RENEWAL_MS } from "../../fleet/row.ts";
import type { StoredMember } from "../../stores/members.ts";
import type { FleetSource } from "./await-effect.ts";
import { type Expected, type Follower, followerOf } from "./follower.ts";
import { removeRow } from "./remove-row.ts";

export interface ForgetOptions {
  /** Also a process that was heard within its interval. @default false */
  readonly anyway?: boolean | undefined;
}

/**
 * Removes the row of a process that is known to be dead, and returns what it said. `id` may be the beginning of an id, if only one has it.
 * A process that is alive after all joins again with a new id.
 *
 * @throws `ERR_INVALID_COMMAND` if the store keeps no list, or if several rows match; `ERR_NOT_FOUND` if none does; `ERR_CONFLICT` if the
 * process is alive
 */
export async function forgetMember(
  { store, isAlive }: FleetSource,
  id: string,
  { anyway = false }: ForgetOptions = {},
): Promise<Follower> {
  const { members, name } = store;
  if (members === undefined) {
    throw new MaintenanceError("ERR_INVALID_COMMAND", `${name} keeps no list of the processes that follow it.`, {
      hint: "There is nothing to forget.",
    });
  }
  const row = findRow((await members.list()).rows, id);
  const member = parse(row);
  const who = `'${member?.label ?? row.id}'`;
  const isDead = member !== null && (await isAlive?.(member.process)) === false;
  if (!anyway && !isDead && mayBeAlive(row, member)) {
    const heard = row.age === null ? "may be alive" : `is alive: it was heard ${Math.round(row.age / 1_000)} s ago`;
    throw new MaintenanceError("ERR_CONFLICT", `${who} ${heard}.`, {
      hint: "Stop it, and it leaves the list. To forget it all the same, add --anyway (in the API `anyway=true`).",
    });
  }
  if (await removeRow(members, row, "assumed-dead")) return followerOf(row, NO_CHANGE);
  throw new MaintenanceError("ERR_CONFLICT", `${who} is alive: it has just renewed its row.`, {
    hint: "Stop it, and it leaves the list.",
  });
}

const NO_CHANGE: Expected = { position: { lineage: "", version: 0 }, mode: null, sites: [], groups: [] };

function parse(row: StoredMember): Member | null {
  try {
    return parseMember(row);
  } catch {
    return null;
  }
}

/** Whether it was heard within its interval. A damaged row says nothing of that. */
function mayBeAlive({ age, evicted }: StoredMember, member: Member | null): boolean {
  return evicted === null && (age === null || age <= (member?.renews ?? RENEWAL_MS));
}

function findRow(rows: readonly StoredMember[], id: string): StoredMember {
  const found = rows.filter((row) => row.id === id || (id !== "" && row.id.startsWith(id)));
  const [row] = found;
  if (row === undefined) {
    throw new MaintenanceError("ERR_NOT_FOUND", `No process in the list has the id '${id}'.`, {
      hint: "It has left, or was forgotten already. `npx maintenance-mode fleet` lists the ids.",
    });
  }
  if (found.length === 1) return row;
  throw new MaintenanceError("ERR_INVALID_COMMAND", `${found.length} processes have an id that begins with '${id}'.`, {
    hint: `Write more of it: ${found
      .slice(0, 3)
      .map((one) => one.id)
      .join(", ")}.`,
  });
}
