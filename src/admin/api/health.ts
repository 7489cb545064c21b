import { COMMON_HEADERS, headersFrom } from "../http/security-headers.ts";
import { eventSchema, healthSchema } from "../schema/responses.ts";
import { healthView } from "../views/health-view.ts";
import { defineRoute, type Route } from "./route.ts";

export const HEALTH_ROUTES: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "health",
    operation: "getHealth",
    summary: "How this process follows its store, and whether an override makes switching ineffective.",
    right: "known",
    answer: { status: 200, schema: healthSchema },
    problems: [503],
    async handle({ admin, principal }) {
      return { status: 200, body: await healthView(admin, principal) };
    },
  }),
  defineRoute({
    method: "GET",
    path: "events",
    operation: "getEvents",
    summary: "Server-sent events: `change` names sites that have changed, or `*` for all; `health` is sent first.",
    right: "known",
    answer: { status: 200, type: "text/event-stream", schema: eventSchema },
    async handle({ admin, asked, principal }) {
      const stream = admin.streams.open(admin, asked, principal);
      // `X-Accel-Buffering` keeps nginx from holding events back.
      const own = [["Content-Type", "text/event-stream"] as const, ["X-Accel-Buffering", "no"] as const];
      return { response: new Response(stream, { headers: headersFrom(COMMON_HEADERS, own) }) };
    },
  }),
];
