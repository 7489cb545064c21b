import * as v from "valibot";
import { closedObject } from "./validate.ts";

/** `closedObject` or `openObject`: whether members that are not listed are refused. */
export type ObjectBuilder = typeof closedObject;

/** One schema per member of `T`. */
export type SchemasOf<T> = { readonly [Key in keyof T]-?: v.GenericSchema<unknown, Exclude<T[Key], undefined>> };

/** Accepts any of the members, and by default no others; a member that is `undefined` counts as absent. */
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

/** Fills absent members from `defaults`. */
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

/** Keys that `v.record` skips, although a site may be called `constructor`. */
const SKIPPED_KEYS = ["constructor", "prototype", "__proto__"] as const;

/** As `v.record`, but with every key of the object: a skipped value would be used unchecked, or lost. */
export function dictionary<Value>(
  key: v.GenericSchema<string, string>,
  value: v.GenericSchema<unknown, Value>,
): v.GenericSchema<unknown, Record<string, Value>> {
  const schema = v.record(key, value);
  return {
    ...schema,
    "~run": (dataset, config) => {
      const input = dataset.value;
      const result = schema["~run"](dataset, config);
      if (typeof input !== "object" || input === null || result.issues !== undefined) return result;
      for (const name of SKIPPED_KEYS) {
        const found = Object.getOwnPropertyDescriptor(input, name);
        if (found === undefined) continue;
        const [left, right] = [key["~run"]({ value: name }, config), value["~run"]({ value: found.value }, config)];
        const issues = left.issues ?? right.issues;
        if (issues !== undefined) {
          const place = { type: "unknown", origin: "value", input, key: name, value: found.value } as const;
          const [first, ...rest] = issues;
          const placed = <Issue extends v.BaseIssue<unknown>>(issue: Issue): Issue => {
            return { ...issue, path: [place, ...(issue.path ?? [])] };
          };
          return { typed: false, value: input, issues: [placed(first), ...rest.map(placed)] };
        }
        Object.defineProperty(result.value, name, { ...found, value: right.value });
      }
      return result;
    },
  };
}
