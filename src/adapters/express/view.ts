import { pageContextOf } from "../../engine/answer/plan-response.ts";
import { type ResponsePlan, withBody } from "../../engine/answer/response-plan.ts";
import { templateContext } from "../../engine/answer/template.ts";
import type { Block } from "../../engine/decide/decision.ts";
import type { RequestFacts } from "../../engine/decide/request-facts.ts";
import { messageOf } from "../../errors.ts";
import type { GateInternals } from "../../gate/internals.ts";

/** An object that renders a view: a response inside an app, or the app itself. */
export interface Rendering {
  render?(view: string, context: object, callback: (error: Error, html: string) => void): void;
}

/** Returns `plan` with the framework's view in place of the built-in page, which is used if the view fails. Never rejects. */
export async function withView(
  gate: GateInternals,
  block: Block,
  facts: RequestFacts,
  renderer: Rendering,
  plan: ResponsePlan,
): Promise<ResponsePlan> {
  const view = viewFor(gate, plan);
  if (view === null) return plan;
  try {
    const html = await render(renderer, view, contextOf(gate, block, facts));
    return withBody(plan, html, facts.method === "HEAD");
  } catch (error) {
    gate.options.logger.error(`The view '${view}' failed, so the built-in page is sent: ${messageOf(error)}`);
    return plan;
  }
}

function contextOf({ snapshot, options }: GateInternals, block: Block, facts: RequestFacts): object {
  return templateContext(pageContextOf(block, facts, snapshot), snapshot.policy.page, options.context);
}

async function render(renderer: Rendering, view: string, context: object): Promise<string> {
  return new Promise((resolve, reject) => {
    if (renderer.render === undefined) throw new TypeError("there are no views here");
    renderer.render(view, context, (error, html: unknown) => {
      if (error) reject(error);
      else if (typeof html === "string") resolve(html);
      else reject(new TypeError("it gave no text"));
    });
  });
}

/** Returns the name of the view that replaces the page in `plan`; `null` if none is configured, or if `plan` has no page. */
function viewFor({ options: { template, respond } }: GateInternals, { headers }: ResponsePlan): string | null {
  if (!template || typeof template === "function" || !("view" in template)) return null;
  const has = (name: string): boolean =>
    headers.some((other, index) => index % 2 === 0 && other.toLowerCase() === name.toLowerCase());
  const isHtml = headers.some((value) => value === "text/html; charset=utf-8") && !has("Location");
  // `respond` has replaced the body if the policy of the built-in page is missing.
  const isReplaced = respond !== null && !has("Content-Security-Policy");
  return isHtml && !isReplaced ? template.view : null;
}
