import type { MemberCallOptions, MemberList } from "../stores/members.ts";
import { type Member, parseMember } from "./member.ts";
import type { ProcessIdentity } from "./row.ts";

export interface DeadRowsOptions {
  readonly members: MemberList;
  /** This process. */
  readonly process: ProcessIdentity;
  /** Returns whether a process is alive; `undefined` if it cannot be checked from `space`. */
  readonly isAlive: (process: ProcessIdentity, space: string) => boolean | undefined;
}

type Call = <Value>(work: (options: MemberCallOptions) => Promise<Value>) => Promise<Value>;

/**
 * Removes the rows of processes that ended without leaving the list, and returns how many. Only those of processes of the same machine
 * and container, of which the kernel says that they are dead.
 */
export async function removeDeadRows(
  { members, process: { space }, isAlive }: DeadRowsOptions,
  call: Call,
): Promise<number> {
  if (space === "") return 0;
  let removed = 0;
  for (const row of (await call((options) => members.list(options))).rows) {
    const owner = ownerOf(row);
    if (owner === null || owner.space !== space || isAlive(owner, space) !== false) continue;
    await call((options) => members.leave(row.id, row.seq, options));
    removed += 1;
  }
  return removed;
}

/** Returns the process of a row; `null` if the row cannot be read. */
function ownerOf(row: Parameters<typeof parseMember>[0]): Member["process"] | null {
  try {
    return parseMember(row).process;
  } catch {
    return null;
  }
}
