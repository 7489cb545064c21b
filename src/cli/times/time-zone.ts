import { Temporal } from "temporal-polyfill";
import { MaintenanceError } from "../../errors.ts";
import { nearest } from "../../text/nearest.ts";

/** The name of a zone as the IANA database spells it, or an offset such as `+01:00`. Throws `ERR_INVALID_TIME`. */
export function parseTimeZone(text: string): string {
  const name = text.toUpperCase() === "Z" ? "UTC" : text;
  try {
    return new Temporal.ZonedDateTime(0n, name).timeZoneId;
  } catch (cause) {
    const likely = likelyZone(text);
    const hint = likely === undefined ? "Write one such as 'Europe/Berlin' or 'UTC'." : `Did you mean '${likely}'?`;
    throw new MaintenanceError("ERR_INVALID_TIME", `'${text}' is not a time zone.`, { hint, cause });
  }
}

/** A city alone names its zone; else whatever is spelt most like it. */
function likelyZone(text: string): string | undefined {
  const zones = Intl.supportedValuesOf("timeZone");
  const city = text.toLowerCase().replaceAll(" ", "_");
  return zones.find((zone) => zone.toLowerCase().endsWith(`/${city}`)) ?? nearest(text, zones);
}
