import * as v from "valibot";
import { parseAddressRange } from "../rules/address-range.ts";
import { formatAddressRange } from "../rules/format-address.ts";
import { parseHost } from "../rules/host.ts";
import { requireBoundedExpressions } from "../rules/linear-regexp.ts";
import { parsePathPattern } from "../rules/path-pattern.ts";
import { completeObject, type ObjectBuilder, type SchemasOf } from "../validation/objects.ts";
import { closedObject, openObject, parsesWith } from "../validation/validate.ts";
import { type AccessRecord, type AccessToken, type EndedSession, NO_ACCESS } from "./access-token.ts";
import { storedActorSchema } from "./actor.ts";
import type { BypassLink } from "./bypass-link.ts";
import { formatInstant, type Instant, parseInstant } from "./instant.ts";
import { RIGHTS, type Right } from "./right.ts";
import { limitSeconds, parseLanguageTag, parseRedirect, parseSeconds, parseStatus, parseUrl } from "./setting.ts";
import { parseSiteId } from "./site-id.ts";
import type { ClosureSettings, ExemptAddress, ExemptPath, Notice, ResponseSettings } from "./site-record.ts";
import { NO_EXEMPTIONS, NO_NOTICE, NO_RESPONSE_SETTINGS } from "./site-record.ts";

// The schemas of a record's members, which commands share. What is left out is the default: people write these by hand. What is stored
// keeps the members that a later release has added (`openObject`); a command that has any is refused (`closedObject`).

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const number = (parse: (value: number) => number) => v.nullable(v.pipe(v.number(), parsesWith(parse)));
const parsed = (parse: (value: string) => string): v.GenericSchema<unknown, string> =>
  v.pipe(v.string(), parsesWith(parse), v.transform(parse));

export const instantSchema: v.GenericSchema<unknown, Instant> = parsed((value) => formatInstant(parseInstant(value)));
export const hostSchema: v.GenericSchema<unknown, string> = parsed(parseHost);
const pathPatternSchema: v.GenericSchema<unknown, string> = v.pipe(v.string(), parsesWith(parsePathPattern));

const storedRangeSchema = v.pipe(v.string(), parsesWith(parseAddressRange));
/** In the one spelling in which ranges are shown, so that each is found by whatever spelling it is removed with. */
export const rangeSchema: v.GenericSchema<unknown, string> = v.pipe(storedRangeSchema, v.transform(formatAddressRange));
const description = v.optional(text(500), "");
const limited = v.exactOptional(v.boolean());

/** `"/health"` is short for `{ "pattern": "/health" }`. */
const exemptPathSchemaOf = (object: ObjectBuilder): v.GenericSchema<unknown, ExemptPath> =>
  v.pipe(
    v.unknown(),
    v.transform((value: unknown) => (typeof value === "string" ? { pattern: value } : value)),
    object({ pattern: pathPatternSchema, description, limited }),
  );

/** `"10.0.0.0/8"` is short for `{ "range": "10.0.0.0/8" }`. */
const exemptAddressSchemaOf = (
  object: ObjectBuilder,
  range: v.GenericSchema<unknown, string>,
): v.GenericSchema<unknown, ExemptAddress> =>
  v.pipe(
    v.unknown(),
    v.transform((value: unknown) => (typeof value === "string" ? { range: value } : value)),
    object({ range, description, limited }),
  );

export const exemptPathSchema: v.GenericSchema<unknown, ExemptPath> = exemptPathSchemaOf(closedObject);
export const exemptAddressSchema: v.GenericSchema<unknown, ExemptAddress> = exemptAddressSchemaOf(
  closedObject,
  rangeSchema,
);

export const pathPatternsSchema: v.GenericSchema<unknown, readonly string[]> = v.pipe(
  v.array(pathPatternSchema),
  parsesWith<string[]>(requireBoundedExpressions),
);

const exemptPathsSchemaOf = (
  exemptPath: v.GenericSchema<unknown, ExemptPath>,
): v.GenericSchema<unknown, readonly ExemptPath[]> =>
  v.pipe(
    v.array(exemptPath),
    parsesWith((paths: ExemptPath[]) => requireBoundedExpressions(paths.map(({ pattern }) => pattern))),
  );

export const exemptPathsSchema: v.GenericSchema<unknown, readonly ExemptPath[]> = exemptPathsSchemaOf(exemptPathSchema);

const BASE64_URL_256_BITS = /^[\w-]{43}$/;

const shortId = v.pipe(v.string(), v.regex(/^[\w-]{8}$/, "expected eight letters, digits, '_' or '-'"));
/** What is not one is not shown: a key that somebody cut short is a secret still, and messages go to logs. */
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

const newLinkEntries = {
  id: shortId,
  label: v.pipe(text(100), v.nonEmpty("expected a label")),
  hash: sha256,
  key: keySchema,
  expires: v.nullable(instantSchema),
  untilOpen: v.exactOptional(v.boolean()),
  limited,
};

export const newLinkSchema: v.GenericSchema<unknown, Omit<BypassLink, "created">> = closedObject(newLinkEntries);

export const linkSchema: v.GenericSchema<unknown, BypassLink> = openObject({
  ...newLinkEntries,
  created,
});

/** The id of a scope. */
export const scopeSchema: v.GenericSchema<unknown, string> = shortId;

const rightSchema: v.GenericSchema<unknown, Right> = v.picklist(RIGHTS);

const newTokenEntries = {
  id: shortId,
  name: v.pipe(text(100), v.regex(/^[^\p{Cc}]+$/u, "expected a name on one line")),
  hash: sha256,
  may: v.pipe(v.array(rightSchema), v.nonEmpty(`expected one or more of ${RIGHTS.join(", ")}`)),
  sites: v.nullable(
    v.pipe(v.array(v.pipe(v.string(), parsesWith(parseSiteId))), v.nonEmpty("expected sites, or null for all")),
  ),
  expires: v.nullable(instantSchema),
};

export const newTokenSchema: v.GenericSchema<unknown, Omit<AccessToken, "created">> = closedObject(newTokenEntries);

export const endedSessionEntries: SchemasOf<EndedSession> = {
  session: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/, "expected the id of a session")),
  until: instantSchema,
};

export const accessSchema: v.GenericSchema<unknown, AccessRecord> = completeObject<AccessRecord>(
  {
    tokens: v.array(openObject({ ...newTokenEntries, created })),
    sessionGeneration: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    sessionKey: v.nullable(keySchema),
    endedSessions: v.array(openObject(endedSessionEntries)),
  },
  NO_ACCESS,
  openObject,
);

const noticeSchemasOf = (object: ObjectBuilder): SchemasOf<Notice> => ({
  title: text(200),
  message: text(5_000),
  translations: v.record(
    v.pipe(v.string(), parsesWith(parseLanguageTag)),
    object({ title: v.optional(text(200), ""), message: v.optional(text(5_000), "") }),
  ),
  url: v.nullable(parsed(parseUrl)),
});

export const noticeSchemas: SchemasOf<Notice> = noticeSchemasOf(closedObject);

export const responseSchemas: SchemasOf<ResponseSettings> = {
  status: number(parseStatus),
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
  paths: v.GenericSchema<unknown, readonly ExemptPath[]>,
  exemptAddress: v.GenericSchema<unknown, ExemptAddress>,
  response: SchemasOf<ResponseSettings>,
): SchemasOf<ClosureSettings> => ({
  paths: pathPatternsSchema,
  exemptions: completeObject({ paths, addresses: v.array(exemptAddress) }, NO_EXEMPTIONS, object),
  lockdown: v.boolean(),
  notice: completeObject(noticeSchemasOf(object), NO_NOTICE, object),
  response: completeObject(response, NO_RESPONSE_SETTINGS, object),
});

export const closureSchemas: SchemasOf<ClosureSettings> = closureSchemasOf(
  closedObject,
  exemptPathsSchema,
  exemptAddressSchema,
  responseSchemas,
);
export const storedClosureSchemas: SchemasOf<ClosureSettings> = closureSchemasOf(
  openObject,
  exemptPathsSchemaOf(exemptPathSchemaOf(openObject)),
  exemptAddressSchemaOf(openObject, storedRangeSchema),
  storedResponseSchemas,
);
