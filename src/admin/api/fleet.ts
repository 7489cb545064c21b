import { awaitEffect, type FleetSource, MAX_EFFECT_MS } from "../../control/fleet/await-effect.ts";
import type { Expected } from "../../control/fleet/follower.ts";
import { forgetMember } from "../../control/fleet/forget-member.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { AdminContext } from "../admin-context.ts";
import { preferenceApplied, preferredWait } from "../http/prefer.ts";
import { effectSchema, followerSchema } from "../schema/fleet.ts";
import { type FleetQuery, fleetQuery, forgetQuery } from "../schema/requests.ts";
import { visibleEffect } from "../views/visible-effect.ts";
import { defineRoute, type Route } from "./route.ts";

export async function fleetSource({ controller, gate }: AdminContext): Promise<FleetSource> {
  return { store: await controller.store(), clock: gate.options.clock };
}

export const FLEET_ROUTES: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "fleet",
    operation: "getFleet",
    summary:
      "The processes that follow the state, compared with the version of the query, by default the current one. Without the right `view` on `*`: only their number and their versions.",
    right: "known",
    waits: true,
    query: fleetQuery,
    answer: { status: 200, schema: effectSchema },
    async handle({ admin, asked, principal, query }) {
      const wait = preferredWait(asked.request, MAX_EFFECT_MS);
      const effect = await awaitEffect(await fleetSource(admin), await expectedBy(admin, query), wait);
      return { status: 200, body: visibleEffect(principal, effect), headers: preferenceApplied(wait) };
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "fleet/{id}",
    operation: "forgetProcess",
    summary:
      "Removes a process that is known to be dead, and answers with what it said. One that is alive after all joins again, with a new id. Needs the right on `*`.",
    right: "switch",
    sites: () => [ALL_SITES],
    query: forgetQuery,
    answer: { status: 200, schema: followerSchema },
    problems: [409, 503],
    async handle({ admin, params, query }) {
      const source = await fleetSource(admin);
      return { status: 200, body: await forgetMember(source, params.id, { anyway: query.anyway === "true" }) };
    },
  }),
];

async function expectedBy({ gate }: AdminContext, query: FleetQuery): Promise<Expected> {
  const { site: sites = [], mode = null } = query;
  await gate.refresh();
  const { snapshot, options } = gate;
  const known = snapshot.sites;
  const isGroup = (id: string): boolean => {
    const site = known.get(id);
    return options.groups.includes(id) || (id !== ALL_SITES && site !== undefined && known.hostsOf(site).length === 0);
  };
  return {
    position: { lineage: query.lineage ?? snapshot.lineage, version: query.version ?? snapshot.version },
    mode,
    sites,
    groups: sites.length === 0 ? options.groups : sites.filter(isGroup),
  };
}
