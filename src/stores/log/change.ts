import * as v from "valibot";
import { MaintenanceError, messageOf } from "../../errors.ts";
import { storedActorSchema } from "../../state/actor.ts";
import type { SchemasOf } from "../../validation/objects.ts";
import { openObject, requireWellFormed, validate } from "../../validation/validate.ts";
import type { ChangeDraft, StateContent } from "../store.ts";

/** A change without the members that its place in the log gives it: version, lineage and stamp. */
export type ChangeContent = Omit<ChangeDraft, "lineage">;

/** Schema entries of a change in every store. Members of a later release are kept. */
export const changeEntries: SchemasOf<Omit<ChangeContent, "records">> = {
  command: v.string(),
  at: v.pipe(v.string(), v.isoTimestamp()),
  by: storedActorSchema,
  reason: v.optional(v.string(), ""),
};

const recordEntries = { id: v.string(), seen: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) };

const changeSchema = openObject({
  ...changeEntries,
  records: v.array(openObject({ ...recordEntries, before: v.nullable(v.string()), after: v.nullable(v.string()) })),
});

/** Parses a change. Throws `ERR_STATE_UNREADABLE`; the message begins with `subject`. */
export function parseChange(text: string, subject: string): ChangeContent {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new MaintenanceError("ERR_STATE_UNREADABLE", `${subject} is not JSON.`, { cause });
  }
  return validate(changeSchema, json, "ERR_STATE_UNREADABLE", subject);
}

export function serializeChange({ command, records, at, by, reason }: ChangeContent): string {
  return JSON.stringify({ command, records, at, by, reason });
}

/**
 * Checks a change before it is written, so that no store has a change that it cannot read. For the `commit` of a store.
 *
 * @throws `ERR_STATE_UNREADABLE`, with the member, the value and the fix.
 */
export function requireReadableChange(draft: ChangeDraft, subject = "the change"): void {
  requireKeepable(draft, subject);
  const { records } = validate(changeSchema, draft, "ERR_STATE_UNREADABLE", subject);
  for (const { id, after } of records) if (after !== null) requireObject(after, `${subject}, the record of '${id}'`);
}

/**
 * Checks a state before it is written. For the `importState` of a store.
 *
 * @throws `ERR_STATE_UNREADABLE`, with the member, the value and the fix.
 */
export function requireReadableContent({ records, history, lineage, version }: StateContent): void {
  const subject = "the state to import";
  if (lineage === "" || !Number.isSafeInteger(version) || version < 1) {
    throw new MaintenanceError(
      "ERR_STATE_UNREADABLE",
      `${subject}: '${lineage}', '${version}' is not a valid position.`,
    );
  }
  for (const { id, version, text } of records) {
    if (!Number.isSafeInteger(version) || version < 1) {
      throw new MaintenanceError(
        "ERR_STATE_UNREADABLE",
        `${subject}, the record of '${id}': '${version}' is not a valid version.`,
      );
    }
    requireObject(text, `${subject}, the record of '${id}'`);
  }
  for (const change of history) requireReadableChange(change, `${subject}, the change ${change.version}`);
}

/** Refuses lone surrogates and NUL, which some databases and drivers reject or replace. */
function requireKeepable(draft: ChangeDraft, subject: string): void {
  const { command, at, by, reason, records } = draft;
  const texts = { command, at, by, reason, ids: records.map(({ id }) => id) };
  requireWellFormed({ ...texts, records }, "ERR_STATE_UNREADABLE", subject);
  if (!JSON.stringify(texts).includes("\\u0000")) return;
  throw new MaintenanceError("ERR_STATE_UNREADABLE", `${subject} contains a NUL character.`, {
    hint: "Remove it from the reason, the actor and the ids: not every store could keep it.",
  });
}

function requireObject(text: string, subject: string): void {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new MaintenanceError("ERR_STATE_UNREADABLE", `${subject} is not JSON: ${messageOf(cause)}.`, { cause });
  }
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return;
  throw new MaintenanceError("ERR_STATE_UNREADABLE", `${subject} is not an object.`);
}
