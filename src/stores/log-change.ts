import * as v from "valibot";
import { MaintenanceError } from "../errors.ts";
import { ACTOR_KINDS } from "../state/actor.ts";
import { validate } from "../validation/validate.ts";
import type { ChangeDraft } from "./store.ts";

/** A change without what its place in the log says: version, lineage and stamp. */
export type ChangeContent = Omit<ChangeDraft, "lineage">;

/** Members that a later release may have added are left out. */
const changeSchema = v.object({
  command: v.string(),
  records: v.array(
    v.object({
      id: v.string(),
      seen: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
      before: v.nullable(v.string()),
      after: v.nullable(v.string()),
    }),
  ),
  at: v.pipe(v.string(), v.isoTimestamp()),
  by: v.object({ kind: v.picklist(ACTOR_KINDS), label: v.string(), from: v.exactOptional(v.string()) }),
  reason: v.string(),
});

/** Throws `ERR_STATE_UNREADABLE`, naming `subject`, which begins a sentence. */
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
