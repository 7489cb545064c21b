import { closestMatch } from "leven";
import * as v from "valibot";
import { ERROR_HINTS, type ErrorCode, isMaintenanceError, kindOf, MaintenanceError } from "../errors.ts";
import { nearest } from "../text/nearest.ts";

type AnySchema = v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>;

/**
 * Parses `value` by `schema`. Throws the first fault as a `MaintenanceError` with its position, its value and the fix. `code` is used
 * unless a check of the schema has its own.
 */
export function validate<Schema extends AnySchema>(
  schema: Schema,
  value: unknown,
  code: ErrorCode,
  /** Name of the value for the message: `the configuration`, `the record of 'shop'`. */
  subject: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  throw describeIssue(result.issues[0], code, subject);
}

/** valibot takes a list for an object without keys: `notice: []` would pass for an empty notice. */
const LIST = {
  kind: "schema",
  type: "strict_object",
  expected: "Object",
  received: "Array",
  message: "expected an object",
} as const;

/** An object with these keys and no others. For a misspelt key the error suggests the likely one. Refuses a list. */
export function closedObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.StrictObjectSchema<Entries, v.ErrorMessage<v.StrictObjectIssue>> {
  // The issue does not contain the keys of its schema: the message passes them on.
  const schema = v.strictObject(entries, () => Object.keys(entries).join(" "));
  return {
    ...schema,
    "~run": (dataset, config) => {
      const input = dataset.value;
      if (Array.isArray(input)) return { typed: false, value: input, issues: [{ ...LIST, input }] };
      const result = schema["~run"](dataset, config);
      if (!config.abortEarly && typeof input === "object" && input !== null) {
        addUnknownKeys(result.issues, input, entries);
      }
      return result;
    },
  };
}

/** Adds an issue for each unknown key but the first, the only one for which valibot has one. */
function addUnknownKeys(issues: v.BaseIssue<unknown>[] | undefined, input: object, entries: v.ObjectEntries): void {
  const first = issues?.find((issue) => isUnknownKey(issue) && issue.path?.length === 1);
  if (issues === undefined || first === undefined) return;
  for (const [key, value] of Object.entries(input)) {
    if (key === first.path?.[0].key || Object.hasOwn(entries, key)) continue;
    const path: v.BaseIssue<unknown>["path"] = [{ type: "unknown", origin: "key", input, key, value }];
    issues.push({ ...first, input: key, path });
  }
}

function isUnknownKey({ type, expected }: v.BaseIssue<unknown>): boolean {
  return type === "strict_object" && expected === "never";
}

/**
 * An object with these keys that keeps unknown members, since a later release may have added them. A key that differs from a known one by
 * one slip is refused as a misspelling; so no release adds a member whose name is that close to another.
 */
export const openObject: typeof closedObject = (entries) => {
  const schema = closedObject(entries);
  const known = Object.keys(entries);
  return {
    ...schema,
    "~run": (dataset, config) => {
      const { value } = dataset;
      if (typeof value !== "object" || value === null || Array.isArray(value)) return schema["~run"](dataset, config);
      const isAdded = ([key]: readonly [string, unknown]): boolean =>
        !Object.hasOwn(entries, key) && !known.some((name) => isMisspelling(key, name));
      const members = Object.entries(value);
      const added = members.filter(isAdded);
      if (added.length === 0) return schema["~run"](dataset, config);
      const rest = Object.fromEntries(members.filter((member) => !isAdded(member)));
      const result = schema["~run"]({ ...dataset, value: rest }, config);
      return result.typed ? { ...result, value: { ...result.value, ...Object.fromEntries(added) } } : result;
    },
  };
};

/** One letter wrong, missing, added or in another case, or two letters swapped. */
function isMisspelling(key: string, name: string): boolean {
  const [a, b] = [key.toLowerCase(), name.toLowerCase()];
  if (Math.abs(a.length - b.length) > 1) return false;
  const sorted = (text: string): string => [...text].sort().join("");
  return closestMatch(a, [b], { maxDistance: 1 }) !== undefined || sorted(a) === sorted(b);
}

/** Throws `code` if a text in `value` contains a lone surrogate: not every store could keep it. */
export function requireWellFormed(value: unknown, code: ErrorCode, subject: string, place = ""): void {
  if (typeof value === "string" && !value.isWellFormed()) {
    const where = place === "" ? subject : `${subject}, ${place}`;
    throw new MaintenanceError(code, `${where}: '${value.toWellFormed().slice(0, 80)}' has a lone surrogate.`, {
      hint: "Remove the lone surrogate. If the text was truncated, do not cut it inside a character such as an emoji.",
    });
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    requireWellFormed(
      member,
      code,
      subject,
      Array.isArray(value) ? `${place}[${key}]` : `${place && `${place}.`}${key}`,
    );
  }
}

/** A check for a schema: an error that `parse` throws becomes the issue, with its code and its hint. */
export function parsesWith<T>(parse: (value: T) => unknown): v.RawCheckAction<T> {
  return v.rawCheck<T>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    try {
      parse(dataset.value);
    } catch (error) {
      if (!isMaintenanceError(error)) throw error;
      // An issue has no members for a code and a hint: they are passed in `expected` and after a line break.
      addIssue({ message: `${error.message}\n${error.hint}`, expected: error.code });
    }
  });
}

/** Returns the error for one issue. */
export function describeIssue(issue: v.BaseIssue<unknown>, code: ErrorCode, subject: string): MaintenanceError {
  const place = pathOf(issue.path ?? []);
  const where = place === "" ? subject : `${subject}, ${place}`;
  if (issue.type === "raw_check") {
    const [message, hint] = issue.message.split("\n", 2);
    const own = issue.expected !== null && Object.hasOwn(ERROR_HINTS, issue.expected);
    return new MaintenanceError(
      own ? (issue.expected as ErrorCode) : code,
      `${where}: ${message}`,
      hint ? { hint } : {},
    );
  }
  if (isUnknownKey(issue)) return unknownKey(issue, code, subject);
  // A sentence of the schema itself, with a hint after a line break, is used as it is; those of the library begin otherwise.
  const [sentence = "", ownHint] = issue.message.split("\n", 2);
  if (/^(?:strict|loose)_object$/.test(issue.type) && issue.received === "undefined" && place !== "")
    return new MaintenanceError(code, `${where} is missing.`, ownHint === undefined ? {} : { hint: ownHint });
  const inList = issue.type === "array" && /^(string|number|boolean)$/.test(typeof issue.input);
  const wanted = sentence.startsWith("expected ") ? sentence : `expected ${expectationOf(issue)}`;
  const hint = ownHint ?? (inList ? `Write ${JSON.stringify([issue.input])}.` : likelyValue(issue));
  return new MaintenanceError(code, `${where}: ${wanted}, found ${show(issue.input)}.`, hint === null ? {} : { hint });
}

/** Returns a hint for a value of another type, as from the environment, or for a misspelling; `null` if there is none. */
function likelyValue({ type, input, expected }: v.BaseIssue<unknown>): string | null {
  if (typeof input !== "string") return null;
  if (type === "number" && /^-?\d{1,15}$/.test(input)) return `Write ${Number(input)}.`;
  if (type === "boolean" && /^(?:true|false)$/i.test(input)) return `Write ${input.toLowerCase()}.`;
  if (type !== "picklist") return null;
  const values = [...(expected ?? "").matchAll(/"([^"]*)"/g)].map(([, value = ""]) => value);
  const likely = nearest(input, values);
  return likely === undefined ? `Write one of: ${values.join(", ")}.` : `Did you mean '${likely}'?`;
}

/** Returns the expected type in words; the library has names such as `Array` and `(number | string)`. */
function expectationOf(issue: v.BaseIssue<unknown>): string {
  const { requirement } = issue as { readonly requirement?: unknown };
  switch (issue.type) {
    case "array":
      return "a list";
    case "object":
    case "strict_object":
    case "record":
      return "an object";
    case "boolean":
      return "true or false";
    case "integer":
      return "a whole number";
    case "min_value":
      return `at least ${requirement}`;
    case "max_value":
      return `at most ${requirement}`;
    case "non_empty":
      return "text that is not empty";
    case "max_length":
      return `at most ${requirement} ${Array.isArray(issue.input) ? "items" : "characters"}`;
    default:
      return articled(issue.expected ?? "something else");
  }
}

/** `(number | string)`: a number or a string; `("on" | "off")`: 'on' or 'off'. */
function articled(expected: string): string {
  return expected
    .replace(/^\((.*)\)$/s, "$1")
    .split(" | ")
    .map((one) => (/^[a-z]+$/.test(one) && one !== "null" ? `a ${one}` : one.replaceAll('"', "'")))
    .join(" or ");
}

function unknownKey(issue: v.BaseIssue<unknown>, code: ErrorCode, subject: string): MaintenanceError {
  const key = String(issue.path?.at(-1)?.key ?? "");
  const known = issue.message.split(" ");
  const likely = nearest(key, known);
  const hint = likely === undefined ? `It may have: ${known.join(", ")}.` : `Did you mean '${likely}'?`;
  const parent = pathOf((issue.path ?? []).slice(0, -1));
  const where = parent === "" ? subject : `${subject}, ${parent}`;
  return new MaintenanceError(code, `${where}: unknown member '${key}'.`, { hint });
}

function pathOf(path: readonly { readonly key: unknown }[]): string {
  return path.map(segment).join("").replace(/^\./, "");
}

function segment(item: { readonly key: unknown }): string {
  return typeof item.key === "number" ? `[${item.key}]` : `.${String(item.key)}`;
}

function show(value: unknown): string {
  if (typeof value === "string") return `'${value.slice(0, 80)}'`;
  if (typeof value === "function") return "a function";
  if (value === null || typeof value !== "object") return String(value);
  return Array.isArray(value) && value.length === 0 ? "an empty list" : kindOf(value);
}
