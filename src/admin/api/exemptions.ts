import { CONFIGURATION } from "../../config/normalize-options.ts";
import type { AddExemptionsCommand, RemoveExemptionsCommand } from "../../control/command.ts";
import { exemptionWarnings } from "../../control/views/exemption-warnings.ts";
import { waysIn } from "../../control/views/ways-in.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import { badRequest, orNotFound } from "../http/problem.ts";
import { exemptionsBody, exemptionsQuery } from "../schema/requests.ts";
import { exemptionListSchema, siteSchema } from "../schema/responses.ts";
import type { ExemptionList } from "../schema/types.ts";
import { addressSources, findSite } from "../views/site-view.ts";
import { defineRoute, type Route } from "./route.ts";
import { answerWithRehearsal, answerWithSite } from "./sites.ts";

export const EXEMPTION_ROUTES: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "sites/{site}/exemptions",
    operation: "listExemptions",
    summary:
      "Every rule that lets requests into a site while it is closed, those of the configuration and of `*` included.",
    right: "view",
    answer: { status: 200, schema: exemptionListSchema },
    handle({ admin: { gate }, principal, params }) {
      const { snapshot, options } = gate;
      const { record } = findSite(snapshot, params.site);
      const forAll = snapshot.forAll.map((site) => site.record);
      const rules = waysIn(record, forAll, options);
      const visible = rules.filter(({ source }) =>
        principal.may("view", source === CONFIGURATION ? ALL_SITES : source),
      );
      const body: ExemptionList = {
        rules: visible,
        hidden: rules.length - visible.length,
        warnings: exemptionWarnings(visible, addressSources(gate)),
      };
      return { status: 200, body };
    },
  }),
  defineRoute({
    method: "POST",
    path: "sites/{site}/exemptions",
    operation: "addExemptions",
    summary:
      "Adds exempt paths and addresses; one that is listed already takes the new description. With `dryRun` nothing is written, and the answer is the site as it would be, with its `warnings`.",
    right: "edit",
    body: exemptionsBody,
    answer: { status: 200, schema: siteSchema },
    problems: [409, 503],
    async handle(call) {
      const { admin, params, body, by } = call;
      const { reason, untilOpen, dryRun, ...exempt } = body;
      findSite(admin.gate.snapshot, params.site);
      const command: AddExemptionsCommand = { type: "add-exemptions", site: params.site, exempt, untilOpen, reason };
      if (dryRun === true) return await answerWithRehearsal(call, command);
      await admin.controller.execute(command, by, call.authority);
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
