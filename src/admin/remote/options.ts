import type { MaintenanceOptions } from "../../config/options.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { ConfigurationView } from "../schema/remote-answers.ts";
import { readStateView } from "../schema/remote-answers.ts";
import type { AdminClient } from "./admin-client.ts";

/** What the server's configuration says. */
export async function readConfiguration(client: AdminClient): Promise<ConfigurationView> {
  return (await client.get("state", { site: ALL_SITES }, readStateView)).configuration;
}

/** The options that give the configuration that a server tells of, once they are normalised. The override is reported, and is not an option. */
export function optionsOf(configuration: ConfigurationView): MaintenanceOptions {
  const { override: _override, ignoredProxies: _proxies, redirect, trustProxy, exempt, ...options } = configuration;
  const { users, ...rules } = exempt;
  return {
    ...options,
    redirect: redirect ?? undefined,
    trustProxy: trustProxy ?? undefined,
    exempt: {
      ...rules,
      // Whom it lets in only the server can tell.
      users: users === "function" ? () => false : (users ?? undefined),
    },
  };
}
