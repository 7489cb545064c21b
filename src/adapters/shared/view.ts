import { pageContextOf } from "../../engine/answer/plan-response.ts";
import { type ResponsePlan, withBody } from "../../engine/answer/response-plan.ts";
import { type TemplateContext, templateContext } from "../../engine/answer/template.ts";
import type { Block } from "../../engine/decide/decision.ts";
import type { RequestFacts } from "../../engine/decide/request-facts.ts";
import { messageOf } from "../../errors.ts";
import type { GateInternals } from "../../gate/internals.ts";

/** Renders a view of the framework, with the values that a template gets, to HTML. */
export type RenderView = (view: string, context: TemplateContext) => string | Promise<string>;

/** Returns `plan` with the framework's view in place of the built-in page, which is used if the view fails. Never rejects. */
export async function withView(
  gate: GateInternals,
  block: Block,
  facts: RequestFacts,
  render: RenderView,
  plan: ResponsePlan,
): Promise<ResponsePlan> {
  const view = viewFor(gate, plan);
  if (view === null) return plan;
  try {
    const html: unknown = await render(view, contextOf(gate, block, facts));
    if (typeof html !== "string") throw new TypeError("it gave no text");
    return withBody(plan, html, facts.method === "HEAD");
  } catch (error) {
    gate.options.logger.error(`The view '${view}' failed, so the built-in page is sent: ${messageOf(error)}`);
    return plan;
  }
}

function contextOf({ snapshot, options }: GateInternals, block: Block, facts: RequestFacts): TemplateContext {
  return templateContext(pageContextOf(block, facts, snapshot), snapshot.policy.page, options.context);
}

/** Whether a view of the framework replaces the page. */
export function hasView({ options: { template } }: GateInternals): boolean {
  return typeof template === "object" && template !== null && "view" in template;
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
