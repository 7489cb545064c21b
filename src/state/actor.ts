import * as v from "valibot";
import { ERROR_HINTS, isMaintenanceError, MaintenanceError } from "../errors.ts";
import { closedObject, openObject, requireWellFormed, validate } from "../validation/validate.ts";

/** The author of a change, as the history shows it. */
export interface Actor {
  readonly kind: "cli" | "admin" | "program" | "file";
  /** A name that colleagues recognise: an account, a deploy job, the name of a token. 1 to 500 characters. Never a secret. */
  readonly label: string;
  /** A host name or a client address. Up to 500 characters. */
  readonly from?: string | undefined;
}

export const ACTOR_KINDS: readonly Actor["kind"][] = ["cli", "admin", "program", "file"];

const MAX_LABEL = 500;
const text = v.pipe(v.string(), v.maxLength(MAX_LABEL), v.transform(oneLine));

const givenSchema: v.GenericSchema<unknown, Actor> = closedObject({
  kind: v.picklist(ACTOR_KINDS),
  label: v.pipe(text, v.nonEmpty("expected a name")),
  from: v.optional(text),
});

/** Schema of a stored actor: kinds and members from a later release are kept. */
export const storedActorSchema: v.GenericSchema<unknown, Actor> = openObject({
  kind: v.custom<Actor["kind"]>((value) => typeof value === "string", "expected a text"),
  label: v.string(),
  from: v.exactOptional(v.string()),
});

/** Checks the author of a change before it is stored. Throws `ERR_INVALID_COMMAND` with the member, the value and the fix. */
export function parseActor(value: unknown): Actor {
  const subject = "the actor ('by')";
  try {
    const { kind, label, from } = validate(givenSchema, value, "ERR_INVALID_COMMAND", subject);
    requireWellFormed({ label, from }, "ERR_INVALID_COMMAND", subject);
    return from === undefined ? { kind, label } : { kind, label, from };
  } catch (error) {
    if (!isMaintenanceError(error) || error.hint !== ERROR_HINTS[error.code]) throw error;
    const hint = `Write { kind: "program", label: "deploy" }; the kinds are ${ACTOR_KINDS.join(", ")}.`;
    throw new MaintenanceError(error.code, error.message, { hint, cause: error });
  }
}

/** Replaces line breaks: in a log or a terminal, text after one could pass for another entry. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}
