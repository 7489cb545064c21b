import type { NormalOptions } from "../../config/normal-options.ts";
import { decide } from "../../engine/decide.ts";
import type { Decision } from "../../engine/decision.ts";
import { type ExplainedAnswer, explainAnswer, explainDecision } from "../../engine/explain-decision.ts";
import type { RequestFacts } from "../../engine/request-facts.ts";
import { requestFactsOf } from "../../engine/request-facts-of.ts";
import { isMaintenanceError } from "../../errors.ts";
import type { ExplainRequest, Explanation } from "../api-types.ts";
import { RefusedRequest } from "../problem.ts";
import { explainBody } from "../request-schemas.ts";
import { explanationSchema } from "../response-schemas.ts";
import { defineRoute, type Route } from "../route.ts";

export const EXPLAIN_ROUTES: readonly Route[] = [
  defineRoute({
    method: "POST",
    path: "explain",
    operation: "explain",
    summary: "Whether a request would get in now, and why: by the very rules that the server follows.",
    right: "view",
    sites: ({ admin, body }) => [admin.gate.snapshot.byHost.find(factsOf(body, admin.gate.options).host)?.id ?? "*"],
    body: explainBody,
    reads: true,
    answer: { status: 200, schema: explanationSchema },
    async handle({ admin, body }) {
      const { snapshot } = admin.gate;
      const facts = factsOf(body, admin.gate.options);
      const decision = decide(facts, snapshot, admin.now());
      const answer = explainAnswer(decision, facts, snapshot, admin.now());
      const explanation: Explanation = {
        decision,
        sentence: sentenceOf(decision),
        answer: answer && withoutSecrets(answer),
      };
      return { status: 200, body: explanation };
    },
  }),
];

function factsOf(
  { url, method, address, headers = {}, user, operation }: ExplainRequest,
  options: NormalOptions,
): RequestFacts {
  try {
    return requestFactsOf(url, { method, address, headers: Object.entries(headers), user, operation }, options);
  } catch (error) {
    if (!isMaintenanceError(error)) throw error;
    const [, member = ""] = /is not an? (URL|method|address|header)/.exec(error.message) ?? [];
    const pointer = `/${member === "header" ? "headers" : member.toLowerCase()}`;
    throw new RefusedRequest(error, { status: 422, errors: [{ pointer, message: `${error.message} ${error.hint}` }] });
  }
}

function sentenceOf(decision: Decision): string {
  if (decision.outcome === "defer") {
    const what =
      decision.needs === "user" ? "who asks: name a kind of user" : "whether it only reads, which the application says";
    return `It depends on ${what}.`;
  }
  const { outcome, reason } = explainDecision(decision);
  return `${outcome}: ${reason}.`;
}

/** A cookie lets its bearer in. */
function withoutSecrets({ status, headers }: ExplainedAnswer): ExplainedAnswer {
  const shown = headers.map(([name, value]) =>
    name.toLowerCase() === "set-cookie" ? ([name, `${value.split("=", 1)[0]}=…`] as const) : ([name, value] as const),
  );
  return { status, headers: shown };
}
