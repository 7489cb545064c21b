import type { Fence, FenceTarget } from "../engine/decide/fence.ts";
import { compilePathMatcher } from "../rules/paths/matcher.ts";
import type { Barrier, Membership } from "../stores/members.ts";
import { type BarrierDetails, type BarrierTarget, parseBarrier } from "./barrier.ts";

/** Returns the details of a barrier; `null` for one of a later release. */
export function readBarrier(barrier: Barrier): BarrierDetails | null {
  try {
    return parseBarrier(barrier);
  } catch {
    return null;
  }
}

/** Returns an answer with the barriers that bind: a hold that its holder has lost does not, and is kept for operators. */
export function bindingOnly(answer: Membership): Membership {
  return { ...answer, barriers: answer.barriers.filter((barrier) => readBarrier(barrier)?.phase !== "lost") };
}

/** Returns the targets of a barrier. For one that cannot be read, its sites count as a whole. */
export function targetsOf(barrier: Barrier): readonly BarrierTarget[] {
  const details = readBarrier(barrier);
  return details?.targets ?? barrier.targets.map((site) => ({ site, mode: "closed", paths: [], version: null }));
}

/** Returns the fence that blocks the targets of these barriers. */
export function fenceOf(barriers: readonly Barrier[]): Fence {
  return barriers.flatMap(targetsOf).map(({ site, mode, paths }) => ({
    site,
    mode: mode === "open" ? "closed" : mode,
    scope: scopeOf(site, paths),
  }));
}

/** For patterns that cannot be compiled, such as those of a later release, the whole site is in scope. */
function scopeOf(source: string, paths: readonly string[]): FenceTarget["scope"] {
  try {
    return compilePathMatcher(
      paths.map((pattern) => ({ pattern, description: "", source })),
      { ignoreCase: true, lenient: true },
    );
  } catch {
    return null;
  }
}
