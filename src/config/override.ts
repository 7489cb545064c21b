import { MaintenanceError } from "../errors.ts";
import type { Override } from "./normal-options.ts";

/** The variable of the environment that overrides every store: `on` or `off`. */
const OVERRIDE_VARIABLE = "MAINTENANCE_MODE";

/** The words that Django's users know stand beside `on` and `off`. */
const SETTINGS: Readonly<Record<string, "on" | "off" | undefined>> = Object.assign(Object.create(null), {
  on: "on",
  true: "on",
  yes: "on",
  "1": "on",
  off: "off",
  false: "off",
  no: "off",
  "0": "off",
});

/** The environment comes before the code: at three in the morning a variable is easier to change than the code. */
export function findOverride(
  environment: Readonly<Record<string, string | undefined>>,
  option: "on" | "off" | undefined,
): Override | null {
  const variable = environment[OVERRIDE_VARIABLE]?.trim() ?? "";
  if (variable !== "") {
    const setting = SETTINGS[variable.toLowerCase()];
    if (setting === undefined) {
      throw new MaintenanceError("ERR_INVALID_OPTION", `${OVERRIDE_VARIABLE} is '${variable}' in the environment.`, {
        hint: "Set it to 'on' or 'off' (or to 'true', 'yes', '1', 'false', 'no', '0'), or unset it.",
      });
    }
    return { mode: modeOf(setting), where: `${OVERRIDE_VARIABLE}=${variable} in the environment` };
  }
  return option === undefined ? null : { mode: modeOf(option), where: `override: "${option}" in the configuration` };
}

function modeOf(setting: "on" | "off"): "open" | "closed" {
  return setting === "on" ? "closed" : "open";
}
