import type { Effect } from "../../../src/control/fleet/await-effect.ts";
import type { Follower } from "../../../src/control/fleet/follower.ts";
import { t } from "../language/current.ts";

/** Number of processes that are named in a sentence. */
const MAX_NAMED = 3;

/** Those that count as followers: `silent` and `ended` ones do not. */
function followersIn(processes: readonly Follower[]): readonly Follower[] {
  return processes.filter(({ state }) => state !== "silent" && state !== "ended");
}

/** Says which processes have applied the last change; `null` where the store keeps no list. */
export function fleetSentence(effect: Effect): string | null {
  const texts = t().fleet;
  if (effect.list === "none") return null;
  if (effect.list === "unreachable") return texts.unreachable;
  const followers = followersIn(effect.processes);
  if (followers.length === 0) return texts.none;
  const late = followers.filter(({ state }) => state !== "applied");
  if (late.length === 0) return texts.all({ count: followers.length });
  const named = late.slice(0, MAX_NAMED).map((one) => processName(one, effect.processes));
  const names = late.length > named.length ? [...named, "…"] : named;
  return texts.some({ count: followers.length - late.length, total: followers.length, names });
}

/** Whether a process that follows has not applied the last change. */
export function isLate(effect: Effect): boolean {
  return effect.list === "read" && followersIn(effect.processes).some(({ state }) => state !== "applied");
}

/** The label; with the process id where several have the same. */
export function processName({ id, label, pid }: Follower, processes: readonly Follower[]): string {
  const same = processes.filter((one) => one.label === label);
  if (same.length === 1) return label;
  const isAlone = pid !== null && same.filter((one) => one.pid === pid).length === 1;
  return isAlone ? `${label} (pid ${pid})` : `${label} (${id.slice(0, 8)})`;
}
