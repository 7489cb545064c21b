import type { MaintenanceOptions } from "../../config/options.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { ConfigurationView } from "../schema/remote-answers.ts";
import { readStateView } from "../schema/remote-answers.ts";
import type { AdminClient } from "./admin-client.ts";

/** Returns the configuration of the server. */
export async function readConfiguration(client: AdminClient): Promise<ConfigurationView> {
  return (await client.get("state", { site: ALL_SITES }, readStateView)).configuration;
}

/** Returns options that, once normalised, equal the configuration of a server. The override is reported, and is not an option. */
export function optionsOf(configuration: ConfigurationView): MaintenanceOptions {
  const { override: _override, ignoredProxies: _proxies, redirect, trustProxy, exempt, ...options } = configuration;
  const { users, ...rules } = exempt;
  return {
    ...options,
    redirect: redirect ?? undefined,
    trustProxy: trustProxy ?? undefined,
    exempt: {
      ...rules,
      // Only the server can evaluate a function.
      users: users === "function" ? () => false : (users ?? undefined),
    },
  };
}
