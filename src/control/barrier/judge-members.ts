import { type Member, parseMember } from "../../fleet/member.ts";
import { type Attest, NOTHING_UNDER_WAY } from "../../fleet/row.ts";
import type { MemberListing, StoredMember } from "../../stores/members.ts";
import type { Position } from "../../stores/store.ts";
import { countWork, type ProcessView, type Standing } from "./wait-result.ts";

/** Marks of rows whose process is known, or declared by an operator, to be dead. They count at once, for every barrier. */
const BURIED = "buried";
const ASSUMED_DEAD = "assumed-dead";

/** The facts that a row is compared with. */
export interface Judging {
  /** The own barrier; `null` before it is set. */
  readonly barrier: { readonly id: string; readonly epoch: number } | null;
  /** Position of the closing change; `null` before it. */
  readonly closedAt: Position | null;
  /** Position of the store, read after the listing. */
  readonly store: Position;
  /** Only writes are waited for. */
  readonly readOnly: boolean;
  readonly keep: ReadonlySet<"streams" | "sockets">;
  /** Milliseconds of the own monotonic clock for which a row has not changed. */
  quiet(row: StoredMember): number;
  /** Milliseconds without a change after which a bound row may be evicted. */
  readonly observation: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface JudgedMember {
  readonly row: StoredMember;
  /** `null` if the row cannot be read. */
  readonly member: Member | null;
  readonly attest: Attest | null;
  readonly view: ProcessView;
  /** The row claims a position that the store does not have. */
  readonly isAhead: boolean;
  /** It has said that it lets nothing in once its lease has run out, and its lease has run out. */
  readonly mayBeEvicted: boolean;
}

/** Returns every row that counts for the barrier. Rows of dead processes do not, nor rows whose process has joined again. */
export function judgeMembers(listing: MemberListing, judging: Judging): readonly JudgedMember[] {
  const members = new Map(listing.rows.map((row) => [row.id, parseMemberOrNull(row)]));
  // What was under way moves to the new row.
  const succeeded = new Set([...members.values()].map((member) => member?.prior ?? null));
  const proven = new Set(listing.barriers.filter(isProven).map(({ id }) => id));
  return listing.rows
    .filter(({ evicted }) => evicted !== BURIED && evicted !== ASSUMED_DEAD)
    .filter(({ id, evicted }) => evicted === null || !succeeded.has(id))
    .map((row) => judge(row, members.get(row.id) ?? null, judging, proven));
}

/** The phase is read without the rest: a barrier of a later release may be proven too. */
function isProven({ text }: { readonly text: string }): boolean {
  try {
    const details: unknown = JSON.parse(text);
    return typeof details === "object" && details !== null && "phase" in details && details.phase === "proven";
  } catch {
    return false;
  }
}

/** Returns `null` for a row that cannot be read. */
export function parseMemberOrNull(row: StoredMember): Member | null {
  try {
    return parseMember(row);
  } catch {
    return null;
  }
}

function judge(row: StoredMember, member: Member | null, judging: Judging, proven: ReadonlySet<string>): JudgedMember {
  const { barrier, closedAt, store, readOnly, keep, observation, now } = judging;
  const attest = member?.attests.find((it) => it.barrier === barrier?.id) ?? null;
  const { oldest } = attest?.underWay ?? NOTHING_UNDER_WAY;
  const quiet = judging.quiet(row);
  const isAhead = isAheadOf(member?.position ?? null, store);
  const waitsFor = attest === null ? 0 : countWork(attest.underWay, { readOnly, keep });
  const isBound = barrier !== null && member !== null && member.bound >= barrier.epoch;
  const [standing, because] = standingOf();
  return {
    row,
    member,
    attest,
    isAhead,
    mayBeEvicted: row.evicted === null && isBound && quiet >= observation,
    view: {
      id: row.id,
      label: member?.label ?? row.id,
      host: member?.process.host ?? "",
      pid: member?.process.pid ?? 0,
      standing,
      because,
      waitsFor,
      oldest: oldest === null ? null : { what: oldest.what, age: Math.max(0, now - oldest.since) },
      quiet,
    },
  };

  function standingOf(): readonly [Standing, string | null] {
    if (row.evicted !== null) {
      // What an unproven barrier has evicted is not known to have closed.
      if (row.evicted === barrier?.id || proven.has(row.evicted)) return ["evicted", null];
      return ["silent", "evicted by a barrier that was not proven"];
    }
    if (member === null) return ["unreadable", null];
    const open = whyOpen(member);
    if (open === null) {
      if (attest?.outcome === "not-mine") return ["not-mine", null];
      return waitsFor === 0 ? ["closed", null] : [quiet >= observation ? "silent" : "draining", null];
    }
    if (member.isSilent || quiet >= observation) return ["silent", open];
    if (closedAt !== null) return ["open", open];
    return [isBound ? "bound" : "unbound", null];
  }

  /** Returns `null` for a row that proves what its visitors meet: the outcome, at a state that contains the closing change. */
  function whyOpen({ state, position, override }: Member): string | null {
    if (state === "unguarded") return "unguarded";
    if (attest === null) return "not heard since";
    if (attest.outcome === "open") return attest.because ?? (override === null ? "open" : "override");
    if (position === null) return "not loaded";
    if (position.lineage !== store.lineage) return "lineage";
    if (isAhead) return "ahead of the store";
    return closedAt !== null && position.version < closedAt.version ? "behind" : null;
  }
}

function isAheadOf(position: Position | null, store: Position): boolean {
  return position !== null && position.lineage === store.lineage && position.version > store.version;
}
