import * as v from "valibot";
import { MaintenanceError } from "../errors.ts";
import { parseAddressRange } from "../rules/addresses/range.ts";
import { parseHost } from "../rules/hosts/host.ts";
import { requireBoundedExpressions } from "../rules/linear-regexp.ts";
import { parsePathPattern } from "../rules/paths/pattern.ts";
import { parseRedirect, parseSeconds, parseStatus } from "../state/setting.ts";
import { type NewExemptPath, parseSiteId } from "../state/site-record.ts";
import { dictionary } from "../validation/objects.ts";
import { closedObject, parsesWith } from "../validation/validate.ts";
import type { MaintenanceOptions } from "./options.ts";

const aFunction = v.custom<(...values: never[]) => unknown>(
  (value) => typeof value === "function",
  "expected a function",
);

/**
 * Validates by one of two schemas, depending on the value: a union would not report the fault within the intended one. `kinds` are all
 * kinds that are allowed, for a value of another kind; after a line break it may have a hint.
 */
function either<First, Second>(
  kinds: string | ((value: unknown) => string),
  isFirst: (value: unknown) => boolean,
  first: v.GenericSchema<unknown, First>,
  second: v.GenericSchema<unknown, Second>,
): v.GenericSchema<unknown, First | Second> {
  return {
    ...v.union([first, second]),
    "~run": (dataset, config) => {
      const { value } = dataset;
      const result = (isFirst(value) ? first : second)["~run"](dataset, config);
      const issue = result.issues?.[0];
      if (result.issues === undefined || issue?.kind !== "schema" || issue.path !== undefined) return result;
      const message = `expected ${typeof kinds === "string" ? kinds : kinds(value)}`;
      return { ...result, issues: [{ ...issue, message }] };
    },
  };
}

const isFunction = (value: unknown): boolean => typeof value === "function";
const aFunctionOr = (kind: string, other: v.GenericSchema) =>
  v.optional(either(`a function${kind}`, isFunction, aFunction, other));

const pattern = v.pipe(v.string(), parsesWith(parsePathPattern));
const range = v.pipe(v.string(), parsesWith(parseAddressRange));
const description = v.optional(v.pipe(v.string(), v.maxLength(500)));
const paths = v.optional(v.pipe(v.array(pattern), parsesWith<string[]>(requireBoundedExpressions)));
/** A rule as text, or with a description. */
const textOr = <Described>(rule: v.GenericSchema<unknown, string>, described: v.GenericSchema<unknown, Described>) =>
  either("a string or an object", (value) => Object(value) !== value, rule, described);
const exemptPaths = v.optional(
  v.pipe(
    v.array(textOr(pattern, closedObject({ pattern, description }))),
    parsesWith<(string | NewExemptPath)[]>((list) => {
      requireBoundedExpressions(list.map((path) => (typeof path === "string" ? path : path.pattern)));
    }),
  ),
);
const siteId = v.pipe(v.string(), parsesWith(parseSiteId));
const flag = v.optional(v.boolean());
const count = (least: number, most: number) =>
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most)));

/** An object of the application or of another module, identified by its methods; `what` says how to create one. */
const withMethods = (what: string, ...names: readonly string[]) =>
  v.optional(
    v.custom<object>(
      (value) =>
        typeof value === "object" &&
        value !== null &&
        names.every((name) => typeof Reflect.get(value, name) === "function"),
      `expected ${what}`,
    ),
  );

function templateKinds(value: unknown): string {
  const hint = typeof value === "string" ? `\nWrite { file: ${JSON.stringify(value.slice(0, 80))} }.` : "";
  return `a function, { file } or { view }${hint}`;
}

const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

function parseMethod(method: string): string {
  if (METHOD.test(method)) return method;
  throw new MaintenanceError("ERR_INVALID_OPTION", `'${method}' is not a method.`, {
    hint: "Write one such as 'POST'.",
  });
}

/** Parses a key. Throws `ERR_INVALID_OPTION`, without showing the key. */
export function parseKey(key: string): string {
  if (key.length >= 32) return key;
  throw new MaintenanceError("ERR_INVALID_OPTION", `a key has only ${key.length} characters.`, {
    hint: "Use at least 32 random characters: openssl rand -base64 32",
  });
}

/** Parses an origin. Throws `ERR_INVALID_OPTION`. */
export function parseOrigin(origin: string): string {
  const likely = URL.parse(origin)?.origin ?? "https://app.example";
  if (likely === origin) return origin;
  throw new MaintenanceError("ERR_INVALID_OPTION", `'${origin}' is not an origin.`, {
    hint: `Write one such as '${likely}'.`,
  });
}

const MAX_LINE_CHARACTERS = 200;

/** Parses one line of text. Throws `ERR_INVALID_OPTION`. */
export function parseLine(text: string): string {
  if (text.trim() !== "" && text.length <= MAX_LINE_CHARACTERS && !/\p{Cc}/u.test(text)) return text;
  throw new MaintenanceError("ERR_INVALID_OPTION", `${JSON.stringify(text.slice(0, 50))} is not one line of text.`, {
    hint: `Write 1 to ${MAX_LINE_CHARACTERS} characters without a line break.`,
  });
}

/** In characters: a logo is sent with every page, and a page without one has seven thousand. */
const MAX_LOGO_CHARACTERS = 32_768;
/** Images that an `img` element shows without running scripts. */
const LOGO =
  /^data:image\/(?:avif|gif|jpeg|png|svg\+xml|webp)(?:;charset=[\w-]+|;utf8)?(?:;base64,[\w+/=-]+|,[^\p{Cc}]+)$/u;

/** Parses a logo. Throws `ERR_INVALID_OPTION`. */
function parseLogo(uri: string): string {
  if (uri.length > MAX_LOGO_CHARACTERS) {
    throw new MaintenanceError("ERR_INVALID_OPTION", `the logo has ${uri.length} characters.`, {
      hint: `Use a smaller image: a data: URI of at most ${MAX_LOGO_CHARACTERS} characters.`,
    });
  }
  if (LOGO.test(uri)) return uri;
  throw new MaintenanceError("ERR_INVALID_OPTION", `'${uri.slice(0, 50)}' is not a logo.`, {
    hint: "Write a data: URI of a PNG, JPEG, GIF, WebP, AVIF or SVG image, such as 'data:image/png;base64,…'.",
  });
}

const line = v.optional(v.pipe(v.string(), parsesWith(parseLine)));
const branding = { name: line, contact: line, logo: v.optional(v.pipe(v.string(), parsesWith(parseLogo))) };

const entries = {
  store: withMethods(
    'a store, such as fileStore() or postgresStore({ url: "…" })',
    "load",
    "changesSince",
    "commit",
    "history",
    "close",
  ),
  sites: v.optional(
    dictionary(
      siteId,
      closedObject({
        hosts: v.optional(v.array(v.pipe(v.string(), parsesWith(parseHost), v.transform(parseHost)))),
        ...branding,
      }),
    ),
  ),
  ...branding,
  groups: v.optional(v.array(siteId)),
  surfaces: v.optional(v.array(v.pipe(v.string(), v.nonEmpty("expected a name")))),
  operatorPaths: paths,
  exempt: v.optional(
    closedObject({
      paths: exemptPaths,
      addresses: v.optional(v.array(textOr(range, closedObject({ range, description })))),
      methods: v.optional(v.array(v.pipe(v.string(), parsesWith(parseMethod)))),
      healthPaths: paths,
      wellKnownPaths: paths,
      adminPaths: paths,
      users: aFunctionOr(
        " or an object",
        closedObject({ anonymous: flag, authenticated: flag, staff: flag, superuser: flag }),
      ),
      tests: flag,
    }),
  ),
  keys: v.optional(v.array(v.pipe(v.string(), parsesWith(parseKey)))),
  secureCookies: flag,
  clientAddress: v.optional(aFunction),
  getUser: v.optional(aFunction),
  logOut: v.optional(closedObject({ authenticated: flag, staff: flag, superuser: flag, end: aFunction })),
  readOnly: v.optional(closedObject({ reads: paths, writes: paths, classify: v.optional(aFunction) })),
  statusCode: v.optional(v.pipe(v.number(), parsesWith(parseStatus))),
  retryAfter: v.optional(v.pipe(v.number(), parsesWith(parseSeconds))),
  refresh: v.optional(v.pipe(v.number(), parsesWith(parseSeconds))),
  redirect: v.optional(v.pipe(v.string(), parsesWith(parseRedirect))),
  responseType: aFunctionOr(", 'html', 'json' or 'text'", v.picklist(["html", "json", "text"])),
  template: v.optional(
    either(
      templateKinds,
      isFunction,
      aFunction,
      either(
        templateKinds,
        (value) => typeof value === "object" && value !== null && "view" in value,
        closedObject({ view: v.pipe(v.string(), v.nonEmpty()) }),
        closedObject({ file: v.pipe(v.string(), v.nonEmpty()) }),
      ),
    ),
  ),
  context: v.optional(aFunction),
  respond: v.optional(aFunction),
  cors: v.optional(
    closedObject({
      origins: either(
        "'*' or a list",
        (value) => value === "*",
        v.literal("*"),
        v.array(v.pipe(v.string(), parsesWith(parseOrigin))),
      ),
      credentials: flag,
    }),
  ),
  jsonPaths: paths,
  trustProxy: v.optional(
    either("a number, a string or a list", Array.isArray, v.array(v.string()), v.union([v.number(), v.string()])),
  ),
  override: v.optional(v.picklist(["on", "off"])),
  whenNeverLoaded: v.optional(v.picklist(["open", "closed"])),
  fleet: v.optional(
    either(
      "'presence', 'strict' or false",
      (value) => value === false,
      v.literal(false),
      v.picklist(["presence", "strict"]),
    ),
  ),
  label: line,
  pollInterval: count(100, 3_600_000),
  startTimeout: count(0, 600_000),
  ignoreCase: flag,
  logger: withMethods("a logger with debug, info, warn and error, such as console", "debug", "info", "warn", "error"),
  clock: withMethods("a clock with now and setTimer", "now", "setTimer"),
  random: v.optional(aFunction),
} satisfies Record<keyof MaintenanceOptions, v.GenericSchema>;

/** Checks every value and refuses unknown keys. */
export const optionsSchema: v.GenericSchema<unknown, unknown> = closedObject(entries);
