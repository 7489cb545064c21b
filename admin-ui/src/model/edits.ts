import type { SiteView } from "../../../src/admin/schema/responses.ts";
import { type FieldKey, type FieldValue, readField, sameValue } from "./field.ts";

/** Unsaved input, and the value that the field had before. */
export interface Edit {
  readonly base: FieldValue;
  readonly value: FieldValue;
}

export type Edits = Readonly<Record<FieldKey, Edit>>;

/** A field that was edited here and has been changed by another user meanwhile. */
export interface FieldConflict {
  readonly key: FieldKey;
  readonly yours: FieldValue;
  readonly theirs: FieldValue;
}

export const NO_EDITS: Edits = {};

/** Returns the value of the field: the edit, or else the stored one. */
export function shownValue(site: SiteView, edits: Edits, key: FieldKey): FieldValue {
  return edits[key]?.value ?? (edits[key] === undefined ? readField(site, key) : null);
}

export function editField(site: SiteView, edits: Edits, key: FieldKey, value: FieldValue): Edits {
  const stored = readField(site, key);
  const base = edits[key]?.base ?? stored;
  if (sameValue(value, stored)) return dropEdit(edits, key);
  return { ...edits, [key]: { base, value } };
}

/** Edits on a newer version of the site: an edit whose value is stored is dropped. */
export function settleEdits(site: SiteView, edits: Edits): Edits {
  const open = Object.entries(edits).filter(([key, { value }]) => !sameValue(readField(site, key), value));
  return Object.fromEntries(open);
}

export function conflictsOf(site: SiteView, edits: Edits): readonly FieldConflict[] {
  return Object.entries(edits).flatMap(([key, { base, value }]) => {
    const theirs = readField(site, key);
    return sameValue(theirs, base) || sameValue(theirs, value) ? [] : [{ key, yours: value, theirs }];
  });
}

/** `yours`: the next save replaces theirs. `theirs`: the edit is given up. */
export function resolveConflict(site: SiteView, edits: Edits, key: FieldKey, choice: "yours" | "theirs"): Edits {
  const edit = edits[key];
  if (edit === undefined || choice === "theirs") return dropEdit(edits, key);
  return { ...edits, [key]: { base: readField(site, key), value: edit.value } };
}

export function valuesOf(edits: Edits): Readonly<Record<FieldKey, FieldValue>> {
  return Object.fromEntries(Object.entries(edits).map(([key, { value }]) => [key, value]));
}

function dropEdit(edits: Edits, key: FieldKey): Edits {
  return Object.fromEntries(Object.entries(edits).filter(([name]) => name !== key));
}
