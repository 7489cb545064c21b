import type { Outcome } from "../../control/apply/apply-command.ts";
import type { CloseCommand, OpenCommand } from "../../control/command.ts";
import { awaitEffect, MAX_EFFECT_MS } from "../../control/fleet/await-effect.ts";
import { expectedOf } from "../../control/fleet/fleet.ts";
import { isMaintenanceError, type MaintenanceError } from "../../errors.ts";
import type { GateInternals } from "../../gate/internals.ts";
import { isClosedAt } from "../../schedule/timetable.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { Principal } from "../access/principal.ts";
import type { AdminContext, Call } from "../admin-context.ts";
import { preferenceApplied, preferredWait } from "../http/prefer.ts";
import { RefusedRequest } from "../http/problem.ts";
import { validateInput } from "../http/validate-input.ts";
import { closeBody, namedSites, openBody } from "../schema/requests.ts";
import type { ChangeResult, SiteView } from "../schema/responses.ts";
import { changeResultSchema } from "../schema/responses.ts";
import { closeWarnings, staleWarning } from "../views/close-warnings.ts";
import { siteView } from "../views/site-view.ts";
import { visibleEffect } from "../views/visible-effect.ts";
import { change } from "./change.ts";
import { fleetSource } from "./fleet.ts";
import { type Answer, defineRoute, type Route } from "./route.ts";

type Switch = (CloseCommand | OpenCommand) & { readonly sites: readonly string[] };

/** Closes or opens all of the sites or none; with `dryRun` returns what would change. Throws as `execute` does. */
async function switchSites(
  call: Call<{ readonly dryRun?: boolean | undefined }, unknown>,
  command: Switch,
): Promise<Answer<ChangeResult>> {
  const { admin, asked, principal } = call;
  const { dryRun = false } = call.body;
  const { gate } = admin;
  const before = gate.snapshot.sites;
  try {
    const result = await change(call, command, { dryRun });
    const { outcomes, position } = result;
    const warnings =
      command.type === "close"
        ? await closeWarnings(gate, before, outcomes, asked.address)
        : openWarnings(admin, outcomes);
    const body: ChangeResult = {
      dryRun,
      outcomes: outcomes.map(({ site, effect }) => ({ site, effect })),
      version: position.version,
      sites: dryRun ? [] : sitesAfter(admin, principal, outcomes),
      warnings,
    };
    const wait = dryRun ? 0 : preferredWait(asked.request, MAX_EFFECT_MS);
    if (wait === 0) return { status: 200, body };
    const effect = await awaitEffect(await fleetSource(admin), expectedOf(result, gate.options), wait);
    return {
      status: 200,
      body: { ...body, effect: visibleEffect(principal, effect) },
      headers: preferenceApplied(wait),
    };
  } catch (error) {
    throw isMaintenanceError(error, "ERR_UNKNOWN_SITE") ? await nameUnknown(gate, command.sites, error) : error;
  }
}

/** Returns warnings about sites that are still closed, although their own switch is open. */
function openWarnings(admin: AdminContext, outcomes: readonly Outcome[]): readonly string[] {
  const { snapshot, options } = admin.gate;
  const opened = outcomes.filter(({ effect }) => effect !== "skipped").map(({ site }) => site);
  const closed = [ALL_SITES, ...options.groups].filter((id) => {
    const site = snapshot.sites.get(id);
    return !opened.includes(id) && site !== undefined && isClosedAt(site.stored, admin.now());
  });
  const still = closed.map((id) => {
    const name = id === ALL_SITES ? "Everything (*)" : `'${id}'`;
    return `${name} is still closed, and so are the sites that you opened. Open it too.`;
  });
  return [...staleWarning(admin.gate), ...still];
}

/** Number of sites that an answer shows after the change. */
const MAX_SHOWN_SITES = 100;

/** Returns the changed sites that the caller may see, so that the page shows them at once. */
function sitesAfter(admin: AdminContext, principal: Principal, outcomes: readonly Outcome[]): readonly SiteView[] {
  return outcomes.slice(0, MAX_SHOWN_SITES).flatMap(({ site }) => {
    const found = admin.gate.snapshot.sites.get(site);
    return found === undefined || !principal.may("view", site) ? [] : [siteView(admin, principal, found)];
  });
}

/** Names every unknown site, by its position in the body. */
export async function nameUnknown(
  gate: GateInternals,
  sites: readonly string[],
  error: MaintenanceError,
): Promise<RefusedRequest> {
  await gate.refresh();
  const known = gate.snapshot.sites;
  const errors = sites.flatMap((site, place) =>
    known.has(site) ? [] : [{ pointer: `/sites/${place}`, message: `There is no site '${site}'.` }],
  );
  return new RefusedRequest(error, { status: 422, errors });
}

export function sitesOf(body: unknown): readonly string[] {
  return validateInput(namedSites, body, "body").sites;
}

export const CLOSE_ROUTE: Route<ChangeResult> = defineRoute({
  method: "POST",
  path: "close",
  operation: "closeSites",
  summary: "Closes sites, all or none, or changes how they are closed; `*` is everything.",
  right: "switch",
  sitesIn: sitesOf,
  waits: true,
  body: closeBody,
  answer: { status: 200, schema: changeResultSchema },
  problems: [409, 503],
  handle(call) {
    const { dryRun: _dryRun, ...command } = call.body;
    return switchSites(call, { type: "close", ...command });
  },
});

export const OPEN_ROUTE: Route<ChangeResult> = defineRoute({
  method: "POST",
  path: "open",
  operation: "openSites",
  summary: "Opens sites, all or none, and restores the settings that their closures replaced.",
  right: "switch",
  sitesIn: sitesOf,
  waits: true,
  body: openBody,
  answer: { status: 200, schema: changeResultSchema },
  problems: [409, 503],
  handle(call) {
    const { dryRun: _dryRun, ...command } = call.body;
    return switchSites(call, { type: "open", ...command });
  },
});
