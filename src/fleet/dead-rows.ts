import type { MemberCallOptions, MemberList } from "../stores/members.ts";
import { type Member, parseMember } from "./member.ts";
import type { ProcessIdentity } from "./row.ts";

export interface DeadRowsOptions {
  readonly members: MemberList;
  /** This process. */
  readonly process: ProcessIdentity;
  /** Id of the row that this gate had before, or `null`. */
  readonly prior: string | null;
  /** Returns whether a process is alive; `undefined` if it cannot be checked from `space`. */
  readonly isAlive: (process: ProcessIdentity, space: string) => boolean | undefined;
}

type Call = <Value>(work: (options: MemberCallOptions) => Promise<Value>) => Promise<Value>;

/**
 * Removes the rows of processes that ended without leaving the list, and the one that this gate had before. Only those of processes of the same machine
 * and container, of which the kernel says that they are dead.
 */
export async function removeDeadRows(
  { members, process: { space }, prior, isAlive }: DeadRowsOptions,
  call: Call,
): Promise<void> {
  if (space === "" && prior === null) return;
  const { rows, barriers } = await call((options) => members.list(options));
  for (const row of rows) {
    const owner = ownerOf(row);
    const isDead = space !== "" && owner?.space === space && isAlive(owner, space) === false;
    // While the barrier is on, its coordinator still needs the row.
    const isReplaced = row.id === prior && !barriers.some(({ id }) => id === row.evicted);
    if (isDead || isReplaced) await call((options) => members.leave(row.id, row.seq, options));
  }
}

/** Returns the process of a row; `null` if the row cannot be read. */
function ownerOf(row: Parameters<typeof parseMember>[0]): Member["process"] | null {
  try {
    return parseMember(row).process;
  } catch {
    return null;
  }
}
