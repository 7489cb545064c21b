import type * as v from "valibot";

export type JsonSchema = { readonly [key: string]: unknown };

/** Schemas that become named components. The value is a description, for a schema whose members have none. */
export type NamedSchemas = ReadonlyMap<v.GenericSchema, string>;

const FORMATS: Readonly<Record<string, string>> = { iso_timestamp: "date-time" };
/** JSON Schema's keyword for the `requirement` of a check. */
const CHECKS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  string: { max_length: "maxLength", min_length: "minLength" },
  array: { max_length: "maxItems", min_length: "minItems" },
  integer: { max_value: "maximum", min_value: "minimum" },
  number: { max_value: "maximum", min_value: "minimum" },
};

/** Returns a schema as JSON Schema 2020-12. Named schemas become references, except the outermost. */
export function jsonSchemaOf(schema: v.GenericSchema, named: NamedSchemas): JsonSchema {
  const inner = (part: unknown): JsonSchema => {
    if (!isSchema(part)) return {};
    const name = named.get(part);
    return name === undefined ? jsonSchemaOf(part, named) : { $ref: `#/components/schemas/${name}` };
  };
  const part = (key: string): unknown => Reflect.get(schema, key);
  if (isPipe(schema)) return pipe(schema.pipe, inner);
  switch (schema.type) {
    case "string":
    case "number":
    case "boolean":
      return { type: schema.type };
    case "literal":
      return { const: part("literal") };
    case "picklist":
      return { enum: part("options") };
    case "nullable":
      return { anyOf: [inner(part("wrapped")), { type: "null" }] };
    case "optional":
    case "exact_optional": {
      const fallback = part("default");
      return { ...inner(part("wrapped")), ...(fallback === undefined ? {} : { default: fallback }) };
    }
    case "array":
      return { type: "array", items: inner(part("item")) };
    case "tuple": {
      const items = listOf(part("items"));
      return { type: "array", prefixItems: items.map(inner), minItems: items.length, maxItems: items.length };
    }
    case "record":
      return { type: "object", additionalProperties: inner(part("value")) };
    case "union":
      return { anyOf: listOf(part("options")).map(inner) };
    case "variant":
      return { oneOf: listOf(part("options")).map(inner) };
    case "strict_object":
    case "loose_object":
    case "object":
      return object(part("entries"), schema.type === "strict_object", inner);
    default:
      return {};
  }
}

function object(entries: unknown, closed: boolean, inner: (part: unknown) => JsonSchema): JsonSchema {
  const members = Object.entries(typeof entries === "object" && entries !== null ? entries : {});
  const required = members
    .filter(([, member]) => isSchema(member) && !/optional/.test(member.type))
    .map(([name]) => name);
  return {
    type: "object",
    properties: Object.fromEntries(members.map(([name, member]) => [name, inner(member)])),
    ...(required.length === 0 ? {} : { required }),
    ...(closed ? { additionalProperties: false } : {}),
  };
}

/** Returns the first schema of a pipe with its checks, or its metadata if these replace it. */
function pipe(items: readonly unknown[], inner: (part: unknown) => JsonSchema): JsonSchema {
  const base = items.filter(isSchema).find(({ type }) => type !== "unknown");
  const schema: Record<string, unknown> = { ...inner(base) };
  let transformed = false;
  for (const item of items) {
    if (typeof item !== "object" || item === null || isSchema(item)) continue;
    const told: unknown = Reflect.get(Reflect.get(item, "metadata") ?? {}, "schema");
    if (isObject(told)) return told;
    const [kind, type, requirement] = ["kind", "type", "requirement"].map((key) => Reflect.get(item, key));
    // After a transformation, checks refer to another value.
    transformed ||= kind === "transformation" && type === "transform";
    if (transformed) continue;
    if (type === "description") schema.description = Reflect.get(item, "description");
    else if (type === "integer") schema.type = "integer";
    else if (type === "regex") schema.pattern = requirement.source;
    else if (type === "non_empty") schema.minLength = 1;
    else if (FORMATS[type] !== undefined) schema.format = FORMATS[type];
    else {
      const word = CHECKS[String(schema.type)]?.[type];
      if (word !== undefined) schema[word] = requirement;
    }
  }
  return schema;
}

function isPipe(schema: v.GenericSchema): schema is v.GenericSchema & { readonly pipe: readonly unknown[] } {
  return "pipe" in schema && Array.isArray(schema.pipe);
}

function isSchema(value: unknown): value is v.GenericSchema {
  return typeof value === "object" && value !== null && Reflect.get(value, "kind") === "schema";
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
