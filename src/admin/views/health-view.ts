import { ignoredProxies } from "../../adapters/shared/find-address.ts";
import { missedByMiddleware } from "../../adapters/shared/report-order.ts";
import { formatInstant } from "../../state/instant.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { Principal } from "../access/principal.ts";
import type { AdminContext } from "../admin-context.ts";
import type { Health } from "../schema/responses.ts";

/** Returns how this process follows its store. */
export async function healthView({ controller, gate, clients }: AdminContext, principal: Principal): Promise<Health> {
  const { state, lineage, version, lastContact, error, neverLoaded, guessLimitReached } = gate.status();
  const { override } = gate.options;
  const seesAll = principal.may("view", ALL_SITES);
  return {
    state,
    store: (await controller.store()).name,
    lineage,
    version,
    lastContact: lastContact === null ? null : formatInstant(lastContact),
    error: error === null || seesAll ? error : { ...error, message: "See the server's log." },
    neverLoaded,
    override: override === null ? null : { mode: override.mode, where: override.where },
    guessLimitReached: guessLimitReached === null ? null : formatInstant(guessLimitReached),
    ignoredProxies: seesAll ? ignoredProxies(clients) : [],
    missedByMiddleware: seesAll ? missedByMiddleware(gate) : null,
  };
}
