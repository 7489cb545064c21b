import type { ServerResponse } from "node:http";
import type { Block } from "../../engine/decision.ts";
import { pageContextOf } from "../../engine/plan-response.ts";
import type { RequestFacts } from "../../engine/request-facts.ts";
import type { ResponsePlan } from "../../engine/response-plan.ts";
import { templateContext } from "../../engine/template.ts";
import { messageOf } from "../../errors.ts";
import type { Gate } from "../../gate.ts";
import { viewFor } from "./view-for.ts";

/** A response that may be able to render one of its application's views. */
export interface Rendering extends ServerResponse {
  render?(view: string, context: object, callback: (error: Error, html: string) => void): void;
}

/** `plan` with the application's view in place of the built-in page, which stands in for a view that fails. Never rejects. */
export async function withView(
  gate: Gate,
  block: Block,
  facts: RequestFacts,
  response: Rendering,
  plan: ResponsePlan,
): Promise<ResponsePlan> {
  const view = viewFor(gate, plan);
  if (view === null) return plan;
  try {
    const html = await render(response, view, contextOf(gate, block, facts));
    const headers: string[] = [];
    for (let i = 0; i + 1 < plan.headers.length; i += 2) {
      const [name = "", value = ""] = plan.headers.slice(i, i + 2);
      // The policy allows what the built-in page has, by hash, and nothing of the view.
      if (name !== "Content-Length" && name !== "Content-Security-Policy") headers.push(name, value);
    }
    headers.push("Content-Length", String(new TextEncoder().encode(html).length));
    return { status: plan.status, headers, body: facts.method === "HEAD" ? null : html };
  } catch (error) {
    gate.options.logger.error(`The view '${view}' failed, and the built-in page stands in: ${messageOf(error)}`);
    return plan;
  }
}

function contextOf({ snapshot, options }: Gate, block: Block, facts: RequestFacts): object {
  const { policy } = snapshot;
  const site = snapshot.sites.get(block.site) ?? snapshot.all;
  const context = pageContextOf(block, facts, site, policy);
  return templateContext(context, policy.page, options.context);
}

async function render(response: Rendering, view: string, context: object): Promise<string> {
  return new Promise((resolve, reject) => {
    if (response.render === undefined) throw new TypeError("there are no views here");
    response.render(view, context, (error, html: unknown) => {
      if (error) reject(error);
      else if (typeof html === "string") resolve(html);
      else reject(new TypeError("it gave no text"));
    });
  });
}
