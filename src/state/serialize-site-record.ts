import { openRecord, type SiteRecord } from "./site-record.ts";

/**
 * Returns the text that stores keep: only members that differ from the default, so that a person can read it and a later release can add
 * members. The id and the version are stored beside the text.
 */
export function serializeSiteRecord(record: SiteRecord): string {
  return JSON.stringify(differences(openRecord(record.id), record, ["id", "version"]));
}

function differences(standard: object, actual: object, left: readonly string[] = []): object {
  const defaults = new Map<string, unknown>(Object.entries(standard));
  const entries: [string, unknown][] = [];
  for (const [key, value] of Object.entries(actual)) {
    const usual = defaults.get(key);
    if (left.includes(key) || JSON.stringify(value) === JSON.stringify(usual)) continue;
    entries.push([key, isPlainObject(usual) && isPlainObject(value) ? differences(usual, value) : value]);
  }
  return Object.fromEntries(entries);
}

function isPlainObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
