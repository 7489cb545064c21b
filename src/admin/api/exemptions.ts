import { CONFIGURATION } from "../../config/normalize-options.ts";
import { exemptionWarnings } from "../../control/views/exemption-warnings.ts";
import { waysIn } from "../../control/views/ways-in.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import { badRequest } from "../http/problem.ts";
import { exemptionsBody, exemptionsQuery } from "../schema/requests.ts";
import type { ExemptionList } from "../schema/responses.ts";
import { exemptionListSchema, siteSchema } from "../schema/responses.ts";
import { addressSources, findSite } from "../views/site-view.ts";
import { change } from "./change.ts";
import { defineRoute, type Route } from "./route.ts";
import { answerWithSite, changeSite } from "./sites.ts";

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
      const { reason, untilOpen, dryRun, ...exempt } = call.body;
      return await changeSite(
        call,
        { type: "add-exemptions", site: call.params.site, ...exempt, untilOpen, reason },
        dryRun,
      );
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
      const { path: paths = [], address: addresses = [] } = call.query;
      if (paths.length + addresses.length === 0)
        throw badRequest(422, "No exemption is named.", "Add ?path=… or ?address=…");
      const { site } = call.params;
      await change(call, { type: "remove-exemptions", site, paths, addresses }, { isNamed: true });
      return answerWithSite(200, call, site);
    },
  }),
];
