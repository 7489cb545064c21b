import type { NormalOptions } from "../../config/normal-options.ts";
import { LEASE_MS } from "../../fleet/barrier.ts";
import { recordAt } from "../../schedule/timetable.ts";
import type { CommandResult } from "../controller.ts";
import { type WayIn, waysIn } from "../views/ways-in.ts";
import type { JudgedMember } from "./judge-members.ts";
import type { Standing, WaitReason, WaitRemark } from "./wait-result.ts";

/** The list and the state as of one moment. */
export interface Look {
  readonly rows: readonly JudgedMember[];
  /** Number of the rows that have closed, or do not serve the site. */
  readonly attesting: number;
  /** Milliseconds until every process has had the time to be back on the list. */
  readonly young: number;
}

/** Differences between the clocks of processes that matter for the end of a closure. */
const MAX_OFFSET_MS = 1_000;

/** Whether a barrier waits no longer for a process. */
export function isSettled(standing: Standing): boolean {
  return standing === "closed" || standing === "not-mine";
}

interface Wanted {
  readonly expect: number | null;
  /** Entries without rows that the caller has not accepted. */
  readonly surfaces: readonly string[];
}

/** Returns why the barrier is not proven. Processes that were evicted are no reason. */
export function reasonsOf(look: Look | null, { expect, surfaces }: Wanted): readonly WaitReason[] {
  const rows = look?.rows ?? [];
  const waits = rows.filter(({ view: { standing } }) => !isSettled(standing) && standing !== "evicted");
  const attesting = look?.attesting ?? 0;
  const isNone = waits.length === 0 && !rows.some(({ view }) => view.standing === "closed");
  return [
    ...waits.map(({ view }): WaitReason => ({ kind: "process", process: view })),
    ...(expect !== null && attesting < expect
      ? [{ kind: "expected", expected: expect, found: attesting } as const]
      : []),
    ...(isNone ? [{ kind: "none" } as const] : []),
    ...(look !== null && look.young > 0 ? [{ kind: "young", left: look.young } as const] : []),
    ...(surfaces.length > 0 ? [{ kind: "surfaces", surfaces } as const] : []),
  ];
}

export function remarksOf(look: Look | null, change: CommandResult | null): readonly WaitRemark[] {
  const ends = change?.outcomes.some(({ after }) => after?.until !== null && after !== null) === true;
  return (look?.rows ?? []).flatMap(({ member, view }): readonly WaitRemark[] => {
    const offset = member?.wallOffset ?? 0;
    const delay = member?.loopDelay ?? 0;
    return [
      ...(ends && Math.abs(offset) > MAX_OFFSET_MS ? [{ kind: "clock", process: view, offset } as const] : []),
      ...(delay > LEASE_MS / 3 ? [{ kind: "blocked", process: view, delay } as const] : []),
    ];
  });
}

export function waysInOf(
  look: Look | null,
  change: CommandResult | null,
  options: NormalOptions,
): { readonly waysIn: readonly WayIn[]; readonly exempted: number } {
  const now = options.clock.now();
  const outcomes = change?.outcomes ?? [];
  const after = (change?.forAll ?? []).map((record) => {
    return recordAt(outcomes.find(({ site }) => site === record.id)?.after ?? record, now);
  });
  const ways = outcomes.flatMap((outcome) => (outcome.after === null ? [] : waysIn(outcome.after, after, options)));
  const exempted = (look?.rows ?? []).reduce((sum, { attest }) => sum + (attest?.underWay.exempted ?? 0), 0);
  return { waysIn: [...new Map(ways.map((way) => [JSON.stringify(way), way])).values()], exempted };
}
