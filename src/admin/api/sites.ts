import type { AddExemptionsCommand, EditCommand } from "../../control/command.ts";
import { snapshotWith } from "../../engine/decide/explain-request.ts";
import { openRecord } from "../../state/site-record.ts";
import type { Call } from "../admin-context.ts";
import { entityTag } from "../http/entity-tag.ts";
import { badRequest } from "../http/problem.ts";
import { addSiteBody, editBody, sitesQuery } from "../schema/requests.ts";
import { siteListSchema, siteSchema } from "../schema/responses.ts";
import { listSites } from "../views/list-sites.ts";
import { findSite, siteView } from "../views/site-view.ts";
import { change } from "./change.ts";
import { neededRights } from "./command-rights.ts";
import { type Answer, defineRoute, type Route, requireRight } from "./route.ts";

/** Answers with the current site and its tag for `If-Match`. Throws a refusal with 404. */
export function answerWithSite(status: 200 | 201, { admin, principal }: Call<unknown, unknown>, site: string): Answer {
  const view = siteView(admin, principal, findSite(admin.gate.snapshot, site));
  return { status, body: view, headers: [entityTag(view.version)] };
}

/** Executes the command, and answers with the site afterwards; with `dryRun` as it would be. */
export async function changeSite(
  call: Call<unknown, unknown>,
  command: AddExemptionsCommand | EditCommand,
  dryRun = false,
): Promise<Answer> {
  const { admin, principal } = call;
  const { outcomes } = await change(call, command, { dryRun });
  if (!dryRun) return answerWithSite(200, call, call.params.site);
  const record = outcomes[0]?.after ?? openRecord(call.params.site);
  const snapshot = snapshotWith(admin.gate.snapshot, record, admin.now());
  return { status: 200, body: siteView(admin, principal, findSite(snapshot, record.id), snapshot) };
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
    summary: "Adds a site that is not in the configuration. Needs the right on `*`.",
    right: "edit",
    body: addSiteBody,
    answer: { status: 201, schema: siteSchema },
    problems: [409, 503],
    async handle(call) {
      const { body } = call;
      const { gate } = call.admin;
      await gate.refresh();
      if (gate.snapshot.sites.has(body.site)) throw badRequest(409, `The site '${body.site}' already exists.`);
      await change(call, { type: "add-site", ...body });
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
      "Replaces the given settings of a site permanently. `hosts` need the right on `*`. With `dryRun` nothing is written, and the answer is the site as it would be, with its `warnings`.",
    right: "edit",
    body: editBody,
    versioned: true,
    answer: { status: 200, schema: siteSchema },
    problems: [503],
    async handle(call) {
      const { principal, params, body, version } = call;
      const { reason, dryRun, ...settings } = body;
      const command: EditCommand = { type: "edit", site: params.site, version, ...settings, reason };
      for (const { right, sites } of neededRights(command)) requireRight(principal, right, sites);
      return await changeSite(call, command, dryRun);
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "sites/{site}",
    operation: "removeSite",
    summary: "Removes a site that was added, not one from the configuration. Needs the right on `*`.",
    right: "edit",
    sites: () => ["*"],
    versioned: true,
    answer: { status: 204 },
    problems: [409, 503],
    async handle(call) {
      const { params, version } = call;
      await change(call, { type: "remove-site", site: params.site, version });
      return { status: 204 };
    },
  }),
];
