import type { MemberList, MemberListing } from "../../stores/members.ts";
import type { Position } from "../../stores/store.ts";
import type { BarrierEnvironment, BarrierTimes } from "./environment.ts";
import { type JudgedMember, judgeMembers } from "./judge-members.ts";
import type { OwnBarrier } from "./own-barrier.ts";
import { quietClock } from "./quiet-clock.ts";
import { isSettled, type Look } from "./report.ts";
import type { NormalWait } from "./wait-options.ts";
import type { Ask } from "./write-once.ts";

export interface WatchedMembers {
  /** Judges a listing; `store` was read after it. Removes rows of dead processes, and evicts silent ones after the closing change. */
  examine(listing: MemberListing, store: Position, closedAt: Position | null): Promise<Look>;
  /** Counts silence from now on. */
  restart(): void;
  /** The rows that were evicted here, with their numbers. */
  readonly evicted: ReadonlyMap<string, number>;
  /** Milliseconds since the last eviction was seen. */
  sinceEviction(): number;
}

interface Watching {
  readonly members: MemberList;
  readonly env: BarrierEnvironment;
  readonly times: BarrierTimes;
  readonly own: OwnBarrier;
  readonly wait: NormalWait;
  readonly keep: ReadonlySet<"streams" | "sockets">;
  /** Only writes are waited for. */
  readonly readOnly: boolean;
  readonly ask: Ask;
}

export function watchMembers({ members, env, times, own, wait, keep, readOnly, ask }: Watching): WatchedMembers {
  const quiet = quietClock(env.monotonic);
  const evicted = new Map<string, number>();
  const seenEvicted = new Set<string>();
  let evictedAt = env.monotonic();
  let aheadSince: number | null = null;
  let before: { readonly rows: readonly JudgedMember[]; readonly at: number } = { rows: [], at: 0 };

  /** Removes the row of a process that has died. Exact, and needs no clock: what it had under way has ended with it. */
  async function isBuried({ row, member, view }: JudgedMember): Promise<boolean> {
    if (member === null || isSettled(view.standing) || member.process.space !== env.process.space) return false;
    if ((await env.isAlive(member.process)) !== false) return false;
    await ask((signal) => members.leave(row.id, row.seq, { signal }));
    evicted.delete(row.id);
    return true;
  }

  async function evictIfSilent(judged: JudgedMember): Promise<JudgedMember> {
    const { row, view, mayBeEvicted } = judged;
    if (!mayBeEvicted || isSettled(view.standing)) return judged;
    const result = await ask((signal) => members.evict(row.id, row.seq, own.id, { signal }));
    if (result === "conflict") return judged;
    // The eviction adds 1 to the number of the row.
    evicted.set(row.id, row.seq + 1);
    return { ...judged, view: { ...view, standing: "evicted", because: null } };
  }

  /**
   * Returns the rows that are no longer listed although their lease had run out: a proven barrier of other sites has evicted and removed
   * them, and what their processes still do is unknown. A process that leaves the list has ended its work.
   */
  function vanishedFrom(listing: MemberListing, judged: readonly JudgedMember[]): readonly JudgedMember[] {
    const passed = env.monotonic() - before.at;
    const present = new Set(listing.rows.map(({ id }) => id));
    const successors = new Set(judged.map(({ member }) => member?.prior ?? null));
    return before.rows.flatMap((it): readonly JudgedMember[] => {
      const { row, member, view } = it;
      if (present.has(row.id) || successors.has(row.id) || isSettled(view.standing)) return [];
      const isFenced = member !== null && member.bound > 0 && (row.age ?? view.quiet) + passed >= times.lease;
      if (!isFenced || member.state === "leaving") return [];
      return [{ ...it, mayBeEvicted: false, view: { ...view, standing: "evicted", because: null } }];
    });
  }

  return {
    evicted,
    restart: quiet.restart,
    sinceEviction: () => env.monotonic() - evictedAt,
    async examine(listing, store, closedAt) {
      quiet.see(listing);
      const judged = judgeMembers(listing, {
        barrier: own.mayBeSet ? own : null,
        closedAt,
        store,
        readOnly,
        keep,
        quiet: quiet.of,
        observation: times.observation,
        now: env.clock.now(),
      });
      if (judged.some(({ isAhead }) => isAhead)) aheadSince ??= env.monotonic();
      const rows: JudgedMember[] = [];
      for (const it of [...judged, ...vanishedFrom(listing, judged)]) {
        if (!(await isBuried(it))) rows.push(closedAt === null ? it : await evictIfSilent(it));
      }
      before = { rows, at: env.monotonic() };
      for (const { row, view } of rows) {
        if (row.evicted === own.id) evicted.set(row.id, row.seq);
        if (view.standing !== "evicted" || seenEvicted.has(row.id)) continue;
        seenEvicted.add(row.id);
        evictedAt = env.monotonic();
      }
      const attesting = rows.filter(({ view }) => isSettled(view.standing)).length;
      const isComplete = wait.expect !== null && attesting >= wait.expect;
      const ages = [listing.age, ...(aheadSince === null ? [] : [env.monotonic() - aheadSince])];
      return { rows, attesting, young: isComplete ? 0 : Math.max(0, times.young - Math.min(...ages)) };
    },
  };
}
