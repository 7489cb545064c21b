import * as v from "valibot";
import { formatAddressRange } from "../rules/addresses/format.ts";
import { parseAddressRange } from "../rules/addresses/range.ts";
import { parseHost } from "../rules/hosts/host.ts";
import { requireBoundedExpressions } from "../rules/linear-regexp.ts";
import { parsePathPattern } from "../rules/paths/pattern.ts";
import { completeObject, type ObjectBuilder, type SchemasOf } from "../validation/objects.ts";
import { closedObject, openObject, parsesWith } from "../validation/validate.ts";
import {
  type AccessRecord,
  type AccessToken,
  type EndedSession,
  NO_ACCESS,
  RIGHTS,
  type Right,
} from "./access-token.ts";
import { storedActorSchema } from "./actor.ts";
import type { BypassLink } from "./bypass-link.ts";
import { parseDuration } from "./duration.ts";
import { parseEnd } from "./end.ts";
import { formatInstant, type Instant, parseInstant } from "./instant.ts";
import { limitSeconds, parseLanguageTag, parseRedirect, parseSeconds, parseStatus, parseUrl } from "./setting.ts";
import {
  type ClosureSettings,
  type ExemptAddress,
  type Exemptions,
  type ExemptPath,
  NO_EXEMPTIONS,
  NO_NOTICE,
  NO_RESPONSE_SETTINGS,
  type Notice,
  parseSiteId,
  type ResponseSettings,
} from "./site-record.ts";

// The schemas of the members of a record, which commands share. Absent members get their defaults, since people write records by hand.
// Stored records keep members from a later release (`openObject`); commands with unknown members are refused (`closedObject`).

/** Returns the schema of a text of at most `most` characters. */
type TextSchema = (most: number) => v.GenericSchema<unknown, string>;
const text: TextSchema = (most) => v.pipe(v.string(), v.maxLength(most));
/** Without a limit: if a limit is lowered later, records with longer texts must stay readable. */
const storedText: TextSchema = () => v.string();
const number = (parse: (value: number) => number) => v.nullable(v.pipe(v.number(), parsesWith(parse)));
const parsed = (parse: (value: string) => string): v.GenericSchema<unknown, string> =>
  v.pipe(v.string(), parsesWith(parse), v.transform(parse));

export const instantSchema: v.GenericSchema<unknown, Instant> = parsed((value) => formatInstant(parseInstant(value)));
export const durationSchema: v.GenericSchema<unknown, string> = v.pipe(v.string(), parsesWith(parseDuration));
/** An end as a command takes it: a `Date`, an RFC 3339 time or a duration. A duration stays one: it counts from the moment of the change. */
export const endSchema: v.GenericSchema<unknown, string> = v.pipe(
  v.unknown(),
  parsesWith(parseEnd),
  v.transform(parseEnd),
  v.metadata({ schema: { type: "string" } }),
);
export const hostSchema: v.GenericSchema<unknown, string> = parsed(parseHost);
const pathPatternSchema: v.GenericSchema<unknown, string> = v.pipe(v.string(), parsesWith(parsePathPattern));

const storedRangeSchema = v.pipe(v.string(), parsesWith(parseAddressRange));
/** Stores ranges in their canonical spelling, so that they can be removed with any other spelling. */
export const rangeSchema: v.GenericSchema<unknown, string> = v.pipe(storedRangeSchema, v.transform(formatAddressRange));
const descriptionOf = (textOf: TextSchema) => v.optional(textOf(500), "");
const limited = v.exactOptional(v.boolean());

const textOrObject = v.check<unknown, string>(
  (value) => typeof value === "string" || (typeof value === "object" && value !== null),
  "expected a string or an object",
);

/** `"/health"` is short for `{ "pattern": "/health" }`. */
const exemptPathSchemaOf = (object: ObjectBuilder, textOf: TextSchema): v.GenericSchema<unknown, ExemptPath> =>
  v.pipe(
    v.unknown(),
    textOrObject,
    v.transform((value: unknown) => (typeof value === "string" ? { pattern: value } : value)),
    object({ pattern: pathPatternSchema, description: descriptionOf(textOf), limited }),
  );

/** `"10.0.0.0/8"` is short for `{ "range": "10.0.0.0/8" }`. */
const exemptAddressSchemaOf = (
  object: ObjectBuilder,
  textOf: TextSchema,
  range: v.GenericSchema<unknown, string>,
): v.GenericSchema<unknown, ExemptAddress> =>
  v.pipe(
    v.unknown(),
    textOrObject,
    v.transform((value: unknown) => (typeof value === "string" ? { range: value } : value)),
    object({ range, description: descriptionOf(textOf), limited }),
  );

export const exemptPathSchema: v.GenericSchema<unknown, ExemptPath> = exemptPathSchemaOf(closedObject, text);
export const exemptAddressSchema: v.GenericSchema<unknown, ExemptAddress> = exemptAddressSchemaOf(
  closedObject,
  text,
  rangeSchema,
);

export const pathPatternsSchema: v.GenericSchema<unknown, readonly string[]> = v.pipe(
  v.array(pathPatternSchema),
  parsesWith<string[]>(requireBoundedExpressions),
);

const exemptPathsSchema: v.GenericSchema<unknown, readonly ExemptPath[]> = v.pipe(
  v.array(exemptPathSchema),
  parsesWith((paths: ExemptPath[]) => requireBoundedExpressions(paths.map(({ pattern }) => pattern))),
);

const BASE64_URL_256_BITS = /^[\w-]{43}$/;

const shortId = v.pipe(v.string(), v.regex(/^[\w-]{8}$/, "expected eight letters, digits, '_' or '-'"));
/** The value is not shown: a truncated key is still a secret, and messages are logged. */
const secret = (what: string): v.GenericSchema<unknown, string> =>
  v.pipe(
    v.string(),
    v.rawCheck(({ dataset, addIssue }) => {
      if (dataset.typed && !BASE64_URL_256_BITS.test(dataset.value)) addIssue({ message: `expected ${what}.` });
    }),
  );
const sha256 = secret("a SHA-256 hash in base64url");
export const keySchema: v.GenericSchema<unknown, string> = secret("256 bits in base64url");
const created = openObject({ at: instantSchema, by: storedActorSchema });

const linkEntriesOf = (textOf: TextSchema, time: v.GenericSchema<unknown, string>) => ({
  id: shortId,
  label: v.pipe(textOf(100), v.nonEmpty("expected a label")),
  hash: sha256,
  key: keySchema,
  expires: v.nullable(time),
  untilOpen: v.exactOptional(v.boolean()),
  limited,
});

export const newLinkSchema: v.GenericSchema<unknown, Omit<BypassLink, "created">> = closedObject(
  linkEntriesOf(text, endSchema),
);

export const storedLinkSchema: v.GenericSchema<unknown, BypassLink> = openObject({
  ...linkEntriesOf(storedText, instantSchema),
  created,
});

/** The id of a scope. */
export const scopeSchema: v.GenericSchema<unknown, string> = shortId;

const rightSchema: v.GenericSchema<unknown, Right> = v.picklist(RIGHTS);

const tokenEntriesOf = (textOf: TextSchema, time: v.GenericSchema<unknown, string>) => ({
  id: shortId,
  name: v.pipe(textOf(100), v.regex(/^[^\p{Cc}]+$/u, "expected a name on one line")),
  hash: sha256,
  may: v.pipe(v.array(rightSchema), v.nonEmpty(`expected at least one of ${RIGHTS.join(", ")}`)),
  sites: v.nullable(
    v.pipe(v.array(v.pipe(v.string(), parsesWith(parseSiteId))), v.nonEmpty("expected sites, or null for all")),
  ),
  expires: v.nullable(time),
});

export const newTokenSchema: v.GenericSchema<unknown, Omit<AccessToken, "created">> = closedObject(
  tokenEntriesOf(text, endSchema),
);

export const endedSessionEntries: SchemasOf<EndedSession> = {
  session: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/, "expected the id of a session")),
  until: instantSchema,
};

export const accessSchema: v.GenericSchema<unknown, AccessRecord> = completeObject<AccessRecord>(
  {
    tokens: v.array(openObject({ ...tokenEntriesOf(storedText, instantSchema), created })),
    sessionGeneration: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    sessionKey: v.nullable(keySchema),
    endedSessions: v.array(openObject(endedSessionEntries)),
  },
  NO_ACCESS,
  openObject,
);

const noticeSchemasOf = (object: ObjectBuilder, textOf: TextSchema): SchemasOf<Notice> => ({
  title: textOf(200),
  message: textOf(5_000),
  translations: v.record(
    v.pipe(v.string(), parsesWith(parseLanguageTag)),
    object({ title: v.optional(textOf(200), ""), message: v.optional(textOf(5_000), "") }),
  ),
  moreUrl: v.nullable(parsed(parseUrl)),
});

export const noticeSchemas: SchemasOf<Notice> = noticeSchemasOf(closedObject, text);

const responseSchemas: SchemasOf<ResponseSettings> = {
  statusCode: number(parseStatus),
  retryAfter: number(parseSeconds),
  refresh: number(parseSeconds),
  redirect: v.nullable(parsed(parseRedirect)),
};

const storedSeconds = v.nullable(v.pipe(v.number(), v.transform(limitSeconds), parsesWith(parseSeconds)));
const storedResponseSchemas: SchemasOf<ResponseSettings> = {
  ...responseSchemas,
  retryAfter: storedSeconds,
  refresh: storedSeconds,
};

const closureSchemasOf = (
  object: ObjectBuilder,
  { notice, response, paths, exempt }: ClosureParts,
): SchemasOf<ClosureSettings> => ({
  paths,
  exemptions: completeObject(exempt, NO_EXEMPTIONS, object),
  lockdown: v.boolean(),
  notice: completeObject(notice, NO_NOTICE, object),
  response: completeObject(response, NO_RESPONSE_SETTINGS, object),
});

interface ClosureParts {
  readonly notice: SchemasOf<Notice>;
  readonly response: SchemasOf<ResponseSettings>;
  readonly paths: v.GenericSchema<unknown, readonly string[]>;
  readonly exempt: SchemasOf<Exemptions>;
}

// What commands and the API take. They have the members of the two groups of a record side by side.

/** The notice that visitors read, and the form of the answer. */
export const answerEntries = {
  title: v.optional(noticeSchemas.title),
  message: v.optional(noticeSchemas.message),
  translations: v.optional(noticeSchemas.translations),
  moreUrl: v.optional(noticeSchemas.moreUrl),
  statusCode: v.optional(responseSchemas.statusCode),
  retryAfter: v.optional(responseSchemas.retryAfter),
  refresh: v.optional(responseSchemas.refresh),
  redirect: v.optional(responseSchemas.redirect),
};

export const exemptEntries = {
  paths: v.optional(exemptPathsSchema),
  addresses: v.optional(v.array(exemptAddressSchema)),
};

/** A site's lasting settings. */
export const siteSettingsEntries = {
  hosts: v.optional(v.array(hostSchema)),
  paths: v.optional(pathPatternsSchema),
  exemptions: v.optional(
    completeObject<Exemptions>({ paths: exemptPathsSchema, addresses: v.array(exemptAddressSchema) }, NO_EXEMPTIONS),
  ),
  lockdown: v.optional(v.boolean()),
  ...answerEntries,
};

/** Accepts lists of any length, even of regular expressions: where paths are matched, their cost per request is limited. */
export const storedClosureSchemas: SchemasOf<ClosureSettings> = closureSchemasOf(openObject, {
  notice: noticeSchemasOf(openObject, storedText),
  response: storedResponseSchemas,
  paths: v.array(pathPatternSchema),
  exempt: {
    paths: v.array(exemptPathSchemaOf(openObject, storedText)),
    addresses: v.array(exemptAddressSchemaOf(openObject, storedText, storedRangeSchema)),
  },
});
