import * as v from "valibot";
import { closedObject } from "./validate.ts";

/** `closedObject` or `openObject`: whether members that are not listed are refused. */
export type ObjectBuilder = typeof closedObject;

/** One schema for each member of `T`. */
export type SchemasOf<T> = { readonly [Key in keyof T]-?: v.GenericSchema<unknown, Exclude<T[Key], undefined>> };

/** Any of the members, and by default no others; a member that is `undefined` counts as left out. */
export function partialObject<T extends object>(
  schemas: SchemasOf<T>,
  object: ObjectBuilder = closedObject,
): v.GenericSchema<unknown, Partial<T>> {
  const entries = Object.entries<v.GenericSchema>(schemas).map(([key, schema]) => [key, v.optional(schema)]);
  return v.pipe(
    object(Object.fromEntries(entries) as Record<string, v.GenericSchema>),
    v.transform((value) => withoutUndefined(value) as Partial<T>),
  );
}

/** The members that are left out are those of `defaults`. */
export function completeObject<T extends object>(
  schemas: SchemasOf<T>,
  defaults: T,
  object: ObjectBuilder = closedObject,
): v.GenericSchema<unknown, T> {
  return v.pipe(
    partialObject<T>(schemas, object),
    v.transform((value) => ({ ...defaults, ...value })),
  );
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}
