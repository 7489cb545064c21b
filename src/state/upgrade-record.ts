import { MaintenanceError } from "../errors.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** Takes the members of a record from one format to the next. */
export type UpgradeStep = (record: JsonObject) => JsonObject;

/** `UPGRADES[0]` leads from format 1 to format 2, and so on. The format written today is one more than there are steps. */
const UPGRADES: readonly UpgradeStep[] = [];

/**
 * Brings the parsed text of a record up to today's format; its member `format` (absent: 1) says from which. Throws
 * `ERR_STATE_TOO_NEW` for a format that this release does not know, `ERR_STATE_UNREADABLE` for what is no object.
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
