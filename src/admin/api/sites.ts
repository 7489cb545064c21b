import type { AddExemptionsCommand, EditCommand } from "../../control/command.ts";
import { snapshotWith } from "../../engine/decide/explain-request.ts";
import { isMaintenanceError, type MaintenanceError } from "../../errors.ts";
import { ALL_SITES, openRecord } from "../../state/site-record.ts";
import type { Call } from "../admin-context.ts";
import { entityTag } from "../http/entity-tag.ts";
import { badRequest, RefusedRequest } from "../http/problem.ts";
import { addSiteBody, editBody, sitesQuery } from "../schema/requests.ts";
import { siteListSchema, siteSchema } from "../schema/responses.ts";
import type { SiteView } from "../schema/types.ts";
import { listSites } from "../views/list-sites.ts";
import { findSite, siteView } from "../views/site-view.ts";
import { neededRights } from "./command-rights.ts";
import { type Answer, defineRoute, type Route, requireRight } from "./route.ts";

/** What `site` says now, with the tag for `If-Match`. Throws a refusal with 404. */
export function answerWithSite(status: 200 | 201, call: Call<unknown, unknown>, site: string): Answer {
  const view = viewOf(call, site);
  return { status, body: view, headers: [entityTag(view.version)] };
}

/** What the site of `command` would say if that were carried out. */
export async function answerWithRehearsal(
  { admin, principal, by, authority }: Call<unknown, unknown>,
  command: AddExemptionsCommand | EditCommand,
): Promise<Answer> {
  const { outcomes } = await admin.controller.rehearse(command, by, authority);
  const record = outcomes[0]?.after ?? openRecord(command.site ?? ALL_SITES);
  const snapshot = snapshotWith(admin.gate.snapshot, record, admin.now());
  return { status: 200, body: siteView(admin, principal, findSite(snapshot, record.id), snapshot) };
}

function viewOf({ admin, principal }: Call<unknown, unknown>, site: string): SiteView {
  return siteView(admin, principal, findSite(admin.gate.snapshot, site));
}

/** Throws a refusal with 412 and what stands there now. */
async function refuseConflict(call: Call<unknown, unknown>, cause: MaintenanceError): Promise<never> {
  await call.admin.gate.refresh();
  throw new RefusedRequest(cause, { status: 412, current: viewOf(call, call.params.site) });
}

export const SITE_ROUTES: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "sites",
    operation: "listSites",
    summary: "The sites that you may see, by id, with `*` first.",
    right: "known",
    query: sitesQuery,
    answer: { status: 200, schema: siteListSchema },
    async handle({ admin, principal, query }) {
      return { status: 200, body: await listSites(admin, principal, query) };
    },
  }),
  defineRoute({
    method: "POST",
    path: "sites",
    operation: "addSite",
    summary: "Makes a site known that no configuration names; the right is asked of `*`.",
    right: "edit",
    body: addSiteBody,
    answer: { status: 201, schema: siteSchema },
    problems: [409, 503],
    async handle(call) {
      const { admin, body, by } = call;
      await admin.gate.refresh();
      if (admin.gate.snapshot.sites.has(body.site)) throw badRequest(409, `There is a site '${body.site}' already.`);
      await admin.controller.execute({ type: "add-site", ...body }, by);
      await admin.gate.refresh();
      return answerWithSite(201, call, body.site);
    },
  }),
  defineRoute({
    method: "GET",
    path: "sites/{site}",
    operation: "getSite",
    summary: "One site, with its `ETag` for `If-Match`.",
    right: "view",
    answer: { status: 200, schema: siteSchema },
    async handle(call) {
      return answerWithSite(200, call, call.params.site);
    },
  }),
  defineRoute({
    method: "PATCH",
    path: "sites/{site}",
    operation: "editSite",
    summary:
      "Changes a site's lasting settings: those that are given, each of them whole. `hosts` need the right on `*`. With `dryRun` nothing is written, and the answer is the site as it would be, with its `warnings`.",
    right: "edit",
    body: editBody,
    versioned: true,
    answer: { status: 200, schema: siteSchema },
    problems: [503],
    async handle(call) {
      const { admin, principal, params, body, by, authority, version } = call;
      const { reason, dryRun, ...settings } = body;
      const command: EditCommand = { type: "edit", site: params.site, version, settings, reason };
      for (const { right, sites } of neededRights(command)) requireRight(principal, right, sites);
      findSite(admin.gate.snapshot, params.site);
      try {
        if (dryRun === true) return await answerWithRehearsal(call, command);
        await admin.controller.execute(command, by, authority);
      } catch (error) {
        if (isMaintenanceError(error, "ERR_CONFLICT")) return await refuseConflict(call, error);
        throw error;
      }
      await admin.gate.refresh();
      return answerWithSite(200, call, params.site);
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "sites/{site}",
    operation: "removeSite",
    summary: "Forgets a site that was added, and no other; the right is asked of `*`.",
    right: "edit",
    sites: () => ["*"],
    versioned: true,
    answer: { status: 204 },
    problems: [409, 503],
    async handle(call) {
      const { admin, params, by, version } = call;
      findSite(admin.gate.snapshot, params.site);
      try {
        await admin.controller.execute({ type: "remove-site", site: params.site, version }, by);
      } catch (error) {
        if (isMaintenanceError(error, "ERR_CONFLICT")) return await refuseConflict(call, error);
        throw error;
      }
      await admin.gate.refresh();
      return { status: 204 };
    },
  }),
];
