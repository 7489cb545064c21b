import { HeldError } from "../../control/barrier/held.ts";
import { readHolds } from "../../control/barrier/holds.ts";
import type { Principal } from "../access/principal.ts";
import { RefusedRequest } from "../http/problem.ts";
import { holdsSchema } from "../schema/holds.ts";
import { visibleHolds } from "../views/visible-holds.ts";
import { fleetSource } from "./fleet.ts";
import { defineRoute, type Route } from "./route.ts";

export const HOLD_ROUTE: Route = defineRoute({
  method: "GET",
  path: "holds",
  operation: "listHolds",
  summary:
    "Who holds which sites closed: commands that run behind a closure, and commands that wait for the processes.",
  right: "known",
  answer: { status: 200, schema: holdsSchema },
  async handle({ admin, principal }) {
    return { status: 200, body: { holds: visibleHolds(principal, await readHolds(await fleetSource(admin))) } };
  },
});

/** Returns the refusal with what the caller may see of the holders; anything else as it is. */
export function withVisibleHolds(principal: Principal | null, thrown: unknown): unknown {
  if (!(thrown instanceof HeldError) || principal === null) return thrown;
  const held = visibleHolds(principal, thrown.held);
  return new RefusedRequest(new HeldError(held), { besides: { held } });
}
