import type { Effect } from "../../control/fleet/await-effect.ts";
import { expectedOf, type Fleet } from "../../control/fleet/fleet.ts";
import { MaintenanceError, messageOf } from "../../errors.ts";
import { readEffect, readFollower } from "../schema/fleet.ts";
import { readHoldList } from "../schema/holds.ts";
import type { AdminClient, Query } from "./admin-client.ts";

/** Number of sites that are named in an address; of a change of more, the groups among the others are not looked for. */
const MAX_NAMED_SITES = 100;

/** Returns the processes behind an admin. */
export function remoteFleet(client: AdminClient): Fleet {
  /** The command itself has succeeded: a server that cannot answer, or an older one, is no error of it. */
  async function ask(query: Query, wait: number): Promise<Effect> {
    try {
      return await client.get("fleet", query, readEffect, wait === 0 ? {} : { prefer: `wait=${wait}` });
    } catch (error) {
      const hint = error instanceof MaintenanceError ? error.hint : "";
      return { list: "unreachable", reason: messageOf(error), hint };
    }
  }
  return {
    effectOf(result) {
      // Which of them are groups is known there.
      const { position, mode, sites } = expectedOf(result, { sites: new Map<string, readonly string[]>(), groups: [] });
      return ask({ ...position, mode: mode ?? undefined, site: sites.slice(0, MAX_NAMED_SITES) }, 3);
    },
    look: () => ask({}, 0),
    holds: () => client.get("holds", {}, readHoldList).catch(() => []),
    forget: (id, { anyway }) =>
      client.remove(`fleet/${encodeURIComponent(id)}`, { anyway: anyway === true ? "true" : undefined }, readFollower),
  };
}
