import { MaintenanceError } from "../errors.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** Converts the members of a record from one format to the next. */
export type UpgradeStep = (record: JsonObject) => JsonObject;

/** `UPGRADES[0]` converts format 1 to format 2, and so on. The current format is the number of steps plus 1. */
const UPGRADES: readonly UpgradeStep[] = [];

/**
 * Converts the parsed text of a record to the current format, from the one in its member `format` (1 if absent). Throws
 * `ERR_STATE_TOO_NEW` for an unknown format, and `ERR_STATE_UNREADABLE` if it is not an object.
 */
export function upgradeRecord(value: unknown, subject: string, steps: readonly UpgradeStep[] = UPGRADES): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MaintenanceError("ERR_STATE_UNREADABLE", `${subject} is not an object.`);
  }
  const { format = 1, ...record } = value as JsonObject;
  if (typeof format !== "number" || !Number.isInteger(format) || format < 1) {
    throw new MaintenanceError(
      "ERR_STATE_UNREADABLE",
      `${subject}, format: expected a whole number, found '${format}'.`,
    );
  }
  if (format > steps.length + 1) {
    throw new MaintenanceError(
      "ERR_STATE_TOO_NEW",
      `${subject} has format ${format}; this release reads up to ${steps.length + 1}.`,
    );
  }
  return steps.slice(format - 1).reduce<JsonObject>((older, step) => step(older), record);
}
