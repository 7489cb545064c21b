import { MaintenanceError } from "../errors.ts";
import type { Override } from "./normal-options.ts";

/** The variable of the environment that overrides every store: `on` or `off`. */
const OVERRIDE_VARIABLE = "MAINTENANCE_MODE";

/** Environment before code: whoever can set a variable at three in the morning cannot always change the code. */
export function findOverride(
  environment: Readonly<Record<string, string | undefined>>,
  option: "on" | "off" | undefined,
): Override | null {
  const variable = environment[OVERRIDE_VARIABLE]?.trim().toLowerCase() ?? "";
  if (variable === "on" || variable === "off") {
    return { mode: modeOf(variable), where: `${OVERRIDE_VARIABLE}=${variable} in the environment` };
  }
  if (variable !== "") {
    throw new MaintenanceError("ERR_INVALID_OPTION", `${OVERRIDE_VARIABLE} is '${variable}' in the environment.`, {
      hint: "Set it to 'on' or 'off', or unset it.",
    });
  }
  return option === undefined ? null : { mode: modeOf(option), where: `override: "${option}" in the configuration` };
}

function modeOf(setting: "on" | "off"): "open" | "closed" {
  return setting === "on" ? "closed" : "open";
}
