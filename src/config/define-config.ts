import type { MaintenanceOptions } from "./options.ts";

/** Gives an editor the types of a configuration; returns it as it is. Whoever reads it checks it. */
export function defineConfig(options: MaintenanceOptions): MaintenanceOptions {
  return options;
}
