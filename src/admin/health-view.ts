import { formatInstant } from "../state/instant.ts";
import type { AdminContext } from "./admin-context.ts";
import type { Health } from "./api-types.ts";

/** How this process follows its store. */
export async function healthView({ controller, gate }: AdminContext): Promise<Health> {
  const { state, lineage, version, lastContact, error, neverLoaded } = gate.status();
  const { override } = gate.options;
  return {
    state,
    store: (await controller.store()).name,
    lineage,
    version,
    lastContact: lastContact === null ? null : formatInstant(lastContact),
    error,
    neverLoaded,
    override: override === null ? null : { mode: override.mode, where: override.where },
  };
}
