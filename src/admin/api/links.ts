import { recordAt } from "../../schedule/timetable.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { AdminRequest } from "../access/access.ts";
import { badRequest } from "../http/problem.ts";
import { linkBody, linksQuery } from "../schema/requests.ts";
import type { LinkView, NewLinkView } from "../schema/responses.ts";
import { linksSchema, newLinkSchema } from "../schema/responses.ts";
import { findSite, hostsOf, linkView } from "../views/site-view.ts";
import { forEachVisible } from "../views/visible-sites.ts";
import { change, changeBy } from "./change.ts";
import { defineRoute, type Route } from "./route.ts";

export const LINK_ROUTES: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "links",
    operation: "listLinks",
    summary: "The bypass links that you may see; with `site` those that admit to it, including those of `*`.",
    right: "view",
    sites: ({ query }) => (query.site === undefined ? [] : [query.site]),
    query: linksQuery,
    answer: { status: 200, schema: linksSchema },
    problems: [404],
    async handle({ admin, principal, query }) {
      const { snapshot } = admin.gate;
      const now = admin.now();
      if (query.site !== undefined) findSite(snapshot, query.site);
      const links: LinkView[] = [];
      await forEachVisible(snapshot, principal, ({ id, stored, links: some }) => {
        if (some === null || !(query.site === undefined || id === ALL_SITES || id === query.site)) return;
        for (const link of recordAt(stored, now).links) links.push(linkView(id, link, now));
      });
      return { status: 200, body: { links } };
    },
  }),
  defineRoute({
    method: "POST",
    path: "sites/{site}/links",
    operation: "createLink",
    summary: "Creates a bypass link. Its token is only in this answer.",
    right: "links",
    body: linkBody,
    answer: { status: 201, schema: newLinkSchema },
    problems: [409, 503],
    async handle(call) {
      const { admin, asked, body, by, authority } = call;
      const { site } = call.params;
      const { id, token, query, outcomes } = await changeBy(call, (controller) =>
        controller.links.create({ site, ...body, by }, authority),
      );
      const found = findSite(admin.gate.snapshot, site);
      const link = outcomes[0]?.after?.links.find((one) => one.id === id);
      if (link === undefined) throw badRequest(409, `The link '${id}' could not be made.`);
      const host = hostsOf(found, admin.gate.options).find((one) => !one.startsWith("*"));
      const view: NewLinkView = {
        ...linkView(site, link, admin.now()),
        token,
        query,
        url: host === undefined ? null : `${originOf(host, asked)}/?${query}`,
      };
      return { status: 201, body: view };
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "sites/{site}/links/{id}",
    operation: "revokeLink",
    summary: "Revokes one link, and every cookie that was issued for it.",
    right: "links",
    answer: { status: 204 },
    problems: [409, 503],
    async handle(call) {
      const { site, id } = call.params;
      await change(call, { type: "revoke-links", site, links: [id] }, { isNamed: true });
      return { status: 204 };
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "sites/{site}/links",
    operation: "revokeLinks",
    summary: "Revokes every link of the site, and invalidates its bypass cookies.",
    right: "links",
    answer: { status: 204 },
    problems: [409, 503],
    async handle(call) {
      await change(call, { type: "revoke-links", site: call.params.site });
      return { status: 204 };
    },
  }),
];

/** By https, unless the admin itself is served by http, as on a development machine. */
function originOf(host: string, { request, secure }: AdminRequest): string {
  if (!/(?:^|\.)localhost$/.test(host)) return `https://${host}`;
  const { port } = new URL(request.url);
  return `${secure ? "https" : "http"}://${host}${port === "" ? "" : `:${port}`}`;
}
