import { healthSchema } from "../schema/responses.ts";
import { healthView } from "../views/health-view.ts";
import { defineRoute, type Route } from "./route.ts";

export const HEALTH_ROUTES: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "health",
    operation: "getHealth",
    summary: "How this process follows its store, and whether an override makes every switch powerless.",
    right: "known",
    answer: { status: 200, schema: healthSchema },
    problems: [503],
    async handle({ admin, principal }) {
      return { status: 200, body: await healthView(admin, principal) };
    },
  }),
];
