import type { MaintenanceOptions } from "./options.ts";

/**
 * Returns `options` unchanged: it only gives an editor the types of a configuration.
 * @example
 * export default defineConfig({ sites: { shop: { hosts: ["shop.example"] } } });
 */
export function defineConfig(options: MaintenanceOptions): MaintenanceOptions {
  return options;
}
