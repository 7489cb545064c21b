import type { NormalOptions } from "../../config/normal-options.ts";
import { CONFIGURATION } from "../../config/normalize-options.ts";
import { closeRecord } from "../../control/apply/close-record.ts";
import type { Decision } from "../../engine/decide/decision.ts";
import {
  type ExplainedAnswer,
  explainRequest,
  hostRemark,
  isPlainlyOpen,
  siteOf,
  snapshotWith,
} from "../../engine/decide/explain-request.ts";
import { addressRemarks, type FactsOfRequest, requestFactsOf } from "../../engine/decide/request-facts-of.ts";
import type { Snapshot } from "../../engine/snapshot/snapshot.ts";
import { isMaintenanceError } from "../../errors.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { Principal } from "../access/principal.ts";
import type { AdminContext } from "../admin-context.ts";
import { RefusedRequest } from "../http/problem.ts";
import { validateInput } from "../http/validate-input.ts";
import type { ExplainRequest, ValidAssumedClosure } from "../schema/requests.ts";
import { explainBody, namedExplain } from "../schema/requests.ts";
import type { Explanation } from "../schema/responses.ts";
import { explanationSchema } from "../schema/responses.ts";
import { findSite } from "../views/site-view.ts";
import { defineRoute, type Route } from "./route.ts";

export const EXPLAIN_ROUTES: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "explain",
    operation: "explain",
    summary: "Whether a request would pass now, or if a site were closed, and why: by the same rules as the server.",
    right: "view",
    sitesIn(body, { admin: { gate } }) {
      const asked = validateInput(namedExplain, body, "body");
      const { host, otherHosts } = factsOf(asked, gate.options).facts;
      const own = [host, ...otherHosts].map((name) => siteOf({ host: name }, gate.snapshot) ?? ALL_SITES);
      return asked.if?.site === undefined ? own : [...own, asked.if.site];
    },
    body: explainBody,
    reads: true,
    answer: { status: 200, schema: explanationSchema },
    problems: [404],
    async handle({ admin, principal, body }) {
      const { snapshot, options } = admin.gate;
      const now = admin.now();
      const { facts, address } = factsOf(body, options);
      const site = siteOf(facts, snapshot) ?? ALL_SITES;
      const judged = body.if === undefined ? snapshot : assume(admin, body.if, body.if.site ?? site);
      const explained = explainRequest(facts, judged, now);
      const asks = body.if === undefined && isPlainlyOpen(explained.decision);
      const ifClosed = asks ? explainRequest(facts, assume(admin, { mode: "closed" }, site), now) : null;
      const remark = hostRemark(facts, explained.site);
      const explanation: Explanation = {
        ...explained,
        decision: visibleDecision(principal, explained.decision),
        answer: explained.answer && withoutSecrets(explained.answer),
        address,
        remarks: [...(remark === null ? [] : [remark]), ...addressRemarks(address, options)],
        ifClosed: ifClosed && {
          decision: visibleDecision(principal, ifClosed.decision),
          sentence: ifClosed.sentence,
        },
      };
      return { status: 200, body: explanation };
    },
  }),
];

/** Returns the gate's snapshot as it would be with `site` closed like that. Throws a refusal with 404. */
function assume(
  { gate, now }: AdminContext,
  { site: _site, ...settings }: ValidAssumedClosure,
  site: string,
): Snapshot {
  const { stored } = findSite(gate.snapshot, site);
  return snapshotWith(gate.snapshot, closeRecord(stored, { type: "close", ...settings, until: null }, now()), now());
}

/** Hides a rule of the configuration or of another record from callers without the right to view it: it may be an address. */
function visibleDecision(principal: Principal, decision: Decision): Decision {
  if (!("rule" in decision) || decision.rule === null) return decision;
  const { source } = decision.rule;
  if (principal.may("view", source === CONFIGURATION ? ALL_SITES : source)) return decision;
  const hidden = { ...decision, rule: { text: "", source, description: "" } };
  return hidden.outcome === "admit" ? { ...hidden, link: "" } : hidden;
}

function factsOf(
  { url, method, address, headers = {}, user, operation }: Omit<ExplainRequest, "if">,
  options: NormalOptions,
): FactsOfRequest {
  try {
    return requestFactsOf(url, { method, address, headers: Object.entries(headers), user, operation }, options);
  } catch (error) {
    if (!isMaintenanceError(error)) throw error;
    const [, member = ""] = /is not an? (URL|method|address|header)/.exec(error.message) ?? [];
    const pointer = `/${member === "header" ? "headers" : member.toLowerCase()}`;
    throw new RefusedRequest(error, { status: 422, errors: [{ pointer, message: `${error.message} ${error.hint}` }] });
  }
}

/** Removes the values of cookies, which would admit a client. */
function withoutSecrets({ status, headers }: ExplainedAnswer): ExplainedAnswer {
  const shown = headers.map(([name, value]) =>
    name.toLowerCase() === "set-cookie" ? ([name, `${value.split("=", 1)[0]}=…`] as const) : ([name, value] as const),
  );
  return { status, headers: shown };
}
