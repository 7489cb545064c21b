import type { Effect } from "../../control/fleet/await-effect.ts";
import { type Follower, SHORT_ID } from "../../control/fleet/follower.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { Principal } from "../access/principal.ts";

/**
 * Returns what the caller may see. Names of hosts, addresses of stores in error messages and paths of requests concern every site: without
 * the right to view everything, a caller sees only how many processes follow and which state each has applied.
 */
export function visibleEffect(principal: Principal, effect: Effect): Effect {
  if (principal.may("view", ALL_SITES) || effect.list === "none") return effect;
  if (effect.list === "unreachable") {
    return { list: "unreachable", reason: "The list of processes cannot be read.", hint: "See the log of the server." };
  }
  const mayView = (group: string): boolean => principal.may("view", group);
  return {
    ...effect,
    unnamed: effect.unnamed.filter(mayView),
    processes: effect.processes.map(({ id, state, version, lag, heard, groups }): Follower => {
      return {
        ...{ id, label: id.slice(0, SHORT_ID), state, version, lag, heard, groups: groups.filter(mayView) },
        ...{ host: null, pid: null, library: null, runtime: null, level: null, override: null },
        ...{ wallOffset: null, loopDelay: null, underWay: null },
      };
    }),
  };
}
