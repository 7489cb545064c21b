import { defineRoute, type Route } from "./route.ts";

export const DESCRIPTION_ROUTES: readonly Route[] = [
  defineRoute({
    method: "GET",
    path: "openapi.json",
    operation: "getDescription",
    summary: "This description: OpenAPI 3.1.",
    right: "anyone",
    answer: { status: 200 },
    handle: async ({ admin }) => ({ status: 200, body: await admin.describe() }),
  }),
];
