import type { ResponsePlan } from "../../engine/answer/response-plan.ts";

/** What was planned, as a `Response`. */
export function answerFetch({ status, headers, body }: ResponsePlan): Response {
  const fields = new Headers();
  for (let i = 0; i + 1 < headers.length; i += 2) fields.append(headers[i] ?? "", headers[i + 1] ?? "");
  // An empty string is a body too, and statuses such as 204 refuse any.
  return new Response(body || null, { status, headers: fields });
}
