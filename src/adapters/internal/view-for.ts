import type { ResponsePlan } from "../../engine/response-plan.ts";
import type { Gate } from "../../gate.ts";

/** The framework's view that takes the place of the page in `plan`; `null` where there is none, or where `plan` shows no page. */
export function viewFor({ options: { template, respond } }: Gate, { headers }: ResponsePlan): string | null {
  if (!template || typeof template === "function" || !("view" in template)) return null;
  const has = (name: string): boolean =>
    headers.some((other, index) => index % 2 === 0 && other.toLowerCase() === name.toLowerCase());
  const isHtml = headers.some((value) => value === "text/html; charset=utf-8") && !has("Location");
  // A body of the application's own comes without the policy of the built-in page.
  const isReplaced = respond !== null && !has("Content-Security-Policy");
  return isHtml && !isReplaced ? template.view : null;
}
