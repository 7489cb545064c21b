import type { RemoveExemptionsCommand } from "../../control/command.ts";
import { badRequest, orNotFound } from "../problem.ts";
import { exemptionsBody, exemptionsQuery } from "../request-schemas.ts";
import { siteSchema } from "../response-schemas.ts";
import { defineRoute, type Route } from "../route.ts";
import { findSite } from "../site-view.ts";
import { answerWithSite } from "./sites.ts";

export const EXEMPTION_ROUTES: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "sites/{site}/exemptions",
    operation: "addExemptions",
    summary: "Adds exempt paths and addresses; one that is listed already takes the new description.",
    right: "edit",
    body: exemptionsBody,
    answer: { status: 200, schema: siteSchema },
    problems: [409, 503],
    async handle(call) {
      const { admin, params, body, by } = call;
      const { reason, untilOpen, ...exempt } = body;
      findSite(admin.gate.snapshot, params.site);
      await admin.controller.execute({ type: "add-exemptions", site: params.site, exempt, untilOpen, reason }, by);
      await admin.gate.refresh();
      return answerWithSite(200, call, params.site);
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "sites/{site}/exemptions",
    operation: "removeExemptions",
    summary: "Removes exemptions by their pattern or range; each may be named several times.",
    right: "edit",
    query: exemptionsQuery,
    answer: { status: 200, schema: siteSchema },
    problems: [409, 503],
    async handle(call) {
      const { admin, params, query, by } = call;
      const { path: paths = [], address: addresses = [] } = query;
      if (paths.length + addresses.length === 0)
        throw badRequest(422, "No exemption is named.", "Add ?path=… or ?address=…");
      findSite(admin.gate.snapshot, params.site);
      const command: RemoveExemptionsCommand = { type: "remove-exemptions", site: params.site, paths, addresses };
      await orNotFound(admin.controller.execute(command, by));
      await admin.gate.refresh();
      return answerWithSite(200, call, params.site);
    },
  }),
];
