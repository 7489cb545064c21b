import { parseInstant } from "../../state/instant.ts";
import type { SiteRecord } from "../../state/site-record.ts";
import type { Block } from "../decide/decision.ts";
import type { RequestFacts } from "../decide/request-facts.ts";
import { KnownSites } from "../snapshot/known-sites.ts";
import { Sites } from "../snapshot/sites.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { planResponse } from "./plan-response.ts";
import type { AnswerType, ResponsePlan } from "./response-plan.ts";

/**
 * Returns the answer of a site with this record to a visitor, in the given type, ignoring `Accept`, the path and redirects. Does not
 * change `snapshot`.
 */
export function previewAnswer(
  record: SiteRecord,
  { type, language }: { readonly type: AnswerType /** As in `Accept-Language`. */; readonly language: string },
  snapshot: Snapshot,
  now: number,
): ResponsePlan {
  const { policy } = snapshot;
  const shown = { ...record, response: { ...record.response, redirect: null } };
  const sites = new KnownSites(Sites.of([shown], policy.ignoreCase), snapshot.index.options, null);
  const response = { ...policy.response, type, redirect: null };
  const facts: RequestFacts = {
    method: "GET",
    host: undefined,
    otherHosts: [],
    target: "/",
    address: undefined,
    user: undefined,
    operation: undefined,
    route: undefined,
    header: (name) => (name === "accept-language" ? language : undefined),
  };
  return planResponse(
    blockBy(shown),
    facts,
    { ...snapshot, sites, policy: { ...policy, response, jsonPaths: null } },
    now,
  );
}

function blockBy({ id, mode, until, version }: SiteRecord): Block {
  const end = until === null ? null : parseInstant(until);
  return { outcome: "block", reason: "mode", site: id, mode: mode === "open" ? "closed" : mode, until: end, version };
}
