import type { Params } from "../admin-context.ts";
import { CLOSE_AND_WAIT_ROUTE } from "./close-and-wait.ts";
import { COMMAND_ROUTES } from "./commands.ts";
import { EXEMPTION_ROUTES } from "./exemptions.ts";
import { EXPLAIN_ROUTES } from "./explain.ts";
import { FLEET_ROUTES } from "./fleet.ts";
import { HEALTH_ROUTES } from "./health.ts";
import { HISTORY_ROUTES } from "./history.ts";
import { HOLD_ROUTE } from "./holds.ts";
import { LINK_ROUTES } from "./links.ts";
import { PREVIEW_ROUTES } from "./preview.ts";
import { defineRoute, type Route } from "./route.ts";
import { SESSION_ROUTES } from "./session.ts";
import { SITE_ROUTES } from "./sites.ts";
import { STATE_ROUTES } from "./state.ts";
import { CLOSE_ROUTE, OPEN_ROUTE } from "./switching.ts";
import { TOKEN_ROUTES } from "./tokens.ts";

/** All routes of the API, version 1. */
export const ROUTES: readonly Route[] = [
  ...SESSION_ROUTES,
  ...SITE_ROUTES,
  CLOSE_ROUTE,
  CLOSE_AND_WAIT_ROUTE,
  OPEN_ROUTE,
  ...EXEMPTION_ROUTES,
  ...LINK_ROUTES,
  ...HISTORY_ROUTES,
  ...EXPLAIN_ROUTES,
  ...PREVIEW_ROUTES,
  ...HEALTH_ROUTES,
  ...FLEET_ROUTES,
  HOLD_ROUTE,
  ...TOKEN_ROUTES,
  ...COMMAND_ROUTES,
  ...STATE_ROUTES,
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

export interface FoundRoute {
  /** The routes of this path, one per method. */
  readonly routes: readonly Route[];
  readonly params: Params;
}

/** Returns the routes of `path`, below `api/v1/` and decoded; `null` if there are none. */
export function findRoutes(path: string): FoundRoute | null {
  const parts = path.split("/");
  const routes = ROUTES.filter((route) => paramsOf(route.path, parts) !== null);
  const [first] = routes;
  const params = first === undefined ? null : paramsOf(first.path, parts);
  return params === null ? null : { routes, params };
}

function paramsOf(template: string, parts: readonly string[]): Params | null {
  const names = template.split("/");
  if (names.length !== parts.length) return null;
  const params = { site: "", id: "" };
  for (const [place, name] of names.entries()) {
    const part = parts[place] ?? "";
    if (name === "{site}" && part !== "") params.site = part;
    else if (name === "{id}" && part !== "") params.id = part;
    else if (name !== part) return null;
  }
  return params;
}
