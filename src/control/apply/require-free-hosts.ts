import { MaintenanceError } from "../../errors.ts";
import type { State } from "../../state/state.ts";

/** Throws `ERR_INVALID_HOST` when another site has one of `hosts`: a request can belong to one site only. */
export function requireFreeHosts(
  site: string,
  hosts: readonly string[],
  state: State,
  configured: ReadonlyMap<string, readonly string[]>,
): void {
  const claims = [...configured, ...[...state.records.values()].map((record) => [record.id, record.hosts] as const)];
  for (const [owner, owned] of claims) {
    const host = owner === site ? undefined : hosts.find((candidate) => owned.includes(candidate));
    if (host === undefined) continue;
    throw new MaintenanceError("ERR_INVALID_HOST", `'${host}' belongs to the site '${owner}'.`, {
      hint: `Leave it to one of them, or remove '${owner}' first.`,
    });
  }
}
