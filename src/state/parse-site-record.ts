import * as v from "valibot";
import { isMaintenanceError, MaintenanceError, messageOf } from "../errors.ts";
import { completeObject, partialObject } from "../validation/objects.ts";
import { openObject, validate } from "../validation/validate.ts";
import { storedActorSchema } from "./actor.ts";
import { MODES } from "./mode.ts";
import { ALL_SITES, NONE, openRecord, parseSiteId, type SiteRecord } from "./site-record.ts";
import {
  accessSchema,
  hostSchema,
  instantSchema,
  scopeSchema,
  storedClosureSchemas,
  storedLinkSchema,
} from "./site-record-schema.ts";

const { id: _id, version: _version, ...DEFAULTS } = openRecord(ALL_SITES);

const recordSchema = completeObject<Omit<SiteRecord, "id" | "version">>(
  {
    hosts: v.array(hostSchema),
    mode: v.picklist(MODES),
    since: v.nullable(instantSchema),
    until: v.nullable(instantSchema),
    ...storedClosureSchemas,
    restore: v.nullable(partialObject(storedClosureSchemas, openObject)),
    scope: v.nullable(scopeSchema),
    links: v.array(storedLinkSchema),
    linkGeneration: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    access: accessSchema,
    changed: v.nullable(
      openObject({
        at: instantSchema,
        by: storedActorSchema,
        reason: v.optional(v.string(), ""),
      }),
    ),
  },
  DEFAULTS,
  openObject,
);

/**
 * Parses a stored text. Absent members get their defaults. Members from a later release are kept, and so are texts and lists that are
 * longer than a command may make them, since an earlier release may have accepted them. Throws `ERR_STATE_UNREADABLE` with the record,
 * the member and the fix; `ERR_STATE_TOO_NEW` if a later release has written it.
 */
export function parseSiteRecord(id: string, version: number, text: string): SiteRecord {
  const known = checked.get(text);
  if (known !== undefined && known.id === id && known.version === version) return known;
  const subject = id === ALL_SITES ? "the record of all sites ('*')" : `the record of '${id}'`;
  try {
    parseSiteId(id);
    if (!Number.isSafeInteger(version) || version < 0) throw new Error(`version '${version}' is not a version`);
    const upgraded = upgradeRecord(JSON.parse(text), subject);
    if (id !== ALL_SITES && upgraded.access !== undefined) throw misplacedAccess(subject);
    return compactRecord({ id, ...validate(recordSchema, upgraded, "ERR_STATE_UNREADABLE", subject), version });
  } catch (error) {
    if (isMaintenanceError(error, "ERR_STATE_TOO_NEW")) throw error;
    if (isMaintenanceError(error)) {
      throw new MaintenanceError("ERR_STATE_UNREADABLE", error.message, { cause: error, hint: error.hint });
    }
    throw new MaintenanceError("ERR_STATE_UNREADABLE", `${subject}: ${messageOf(error)}.`, { cause: error });
  }
}

/** Number of checked texts that are kept with their records: a few concurrent changes, each of its own record. */
const MAX_CHECKED = 8;
const checked = new Map<string, SiteRecord>();

/**
 * Checks a text before it is stored. The gates of this process read the same text next, and its next change starts from it: neither has
 * to parse it again. Throws as `parseSiteRecord` does.
 */
export function checkSiteRecord(id: string, version: number, text: string): void {
  const record = parseSiteRecord(id, version, text);
  checked.delete(text);
  checked.set(text, record);
  for (const oldest of checked.keys()) if (checked.size > MAX_CHECKED) checked.delete(oldest);
}

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

function misplacedAccess(subject: string): MaintenanceError {
  return new MaintenanceError("ERR_STATE_UNREADABLE", `${subject} has 'access'.`, {
    hint: "Tokens and sessions are stored in the record of all sites ('*') only: move them there.",
  });
}

/**
 * Returns the same record in less memory, since a gate may hold 100,000: an object literal has no spare room for members, and a copied
 * list none for elements. Members from a later release are kept.
 */
function compactRecord(record: SiteRecord): SiteRecord {
  const compact: SiteRecord = {
    id: record.id,
    hosts: record.hosts.length === 0 ? NONE : record.hosts.slice(),
    mode: record.mode,
    since: record.since,
    until: record.until,
    paths: record.paths.length === 0 ? NONE : record.paths.slice(),
    exemptions: record.exemptions,
    lockdown: record.lockdown,
    notice: record.notice,
    response: record.response,
    restore: record.restore,
    scope: record.scope,
    links: record.links,
    linkGeneration: record.linkGeneration,
    access: record.access,
    version: record.version,
    changed: record.changed,
  };
  if (Object.keys(record).length === Object.keys(compact).length) return compact;
  return { ...record, ...compact };
}
