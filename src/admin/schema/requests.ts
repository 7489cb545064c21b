import * as v from "valibot";
import type {
  AnswerSettings,
  CloseCommand,
  OpenCommand,
  ValidCloseCommand,
  ValidEditCommand,
} from "../../control/command.ts";
import type { AnswerType } from "../../engine/answer/response-plan.ts";
import { USER_KINDS } from "../../engine/decide/request-facts-of.ts";
import { MODES, type Mode } from "../../state/mode.ts";
import { parseLanguageTag, parseUrl } from "../../state/setting.ts";
import { parseSiteId } from "../../state/site-record.ts";
import {
  answerEntries,
  durationSchema,
  endSchema,
  exemptEntries,
  hostSchema,
  noticeSchemas,
  pathPatternsSchema,
  siteSettingsEntries,
} from "../../state/site-record-schema.ts";
import { closedObject, parsesWith } from "../../validation/validate.ts";
import { RIGHTS, type Right } from "../access/principal.ts";
import { SITE_ORDERS, type SiteQuery } from "../views/list-sites.ts";
import { waitSchema } from "./wait.ts";

// The requests of the API, built from the schemas of commands: what is accepted here can be stored.

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
/** Number of sites in one request. */
export const MAX_SITES = 10_000;

export const siteIdSchema: v.GenericSchema<unknown, string> = v.pipe(v.string(), parsesWith(parseSiteId));
const sites = v.pipe(
  v.array(siteIdSchema),
  v.minLength(1, "expected at least one site"),
  v.maxLength(MAX_SITES),
  v.transform((ids) => [...new Set(ids)]),
);
const reason = v.optional(text(500));
const flag = v.optional(v.boolean());

const exempt = closedObject(exemptEntries);

type Switch<Command> = Omit<Command, "type" | "sites"> & {
  readonly sites: readonly string[];
  readonly dryRun?: boolean | undefined;
};

const told = <T>(schema: v.GenericSchema<unknown, T>, description: string): v.GenericSchema<unknown, T> =>
  v.pipe(schema, v.description(description));

/** Checks only the sites of a body: the rights on them are checked before the rest. */
export const namedSites: v.GenericSchema<unknown, { readonly sites: readonly string[] }> = v.looseObject({ sites });

/** Settings of a closure that replace those of the record. */
const closureEntries = {
  ...answerEntries,
  paths: v.optional(told(pathPatternsSchema, "Only these paths are affected.")),
  exempt: v.optional(told(exempt, "In addition to those of the record, until the site opens.")),
  lockdown: v.optional(told(v.boolean(), "No exemption applies.")),
};

const closeBodyEntries = {
  sites: told(sites, "`*` is everything."),
  mode: v.optional(told(v.picklist(["read-only", "closed"]), "Left out: `closed`.")),
  until: v.optional(told(v.nullable(endSchema), "When it opens automatically; `null`: when it is opened.")),
  for: v.optional(told(durationSchema, "The same as a duration, such as `2h`. Not together with `until`.")),
  ...closureEntries,
  reason,
  ignoreMissing: v.optional(told(v.boolean(), "Unknown sites are skipped.")),
  anyway: v.optional(told(v.boolean(), "Narrows the closure of a site that a running command holds.")),
  dryRun: v.optional(told(v.boolean(), "Nothing is written: the answer says what would change.")),
};
export const closeBody: v.GenericSchema<unknown, Switch<CloseCommand>> = closedObject(closeBodyEntries);
const { dryRun: _dryRun, ...closeEntries } = closeBodyEntries;
export const closeAndWaitBody: v.GenericSchema<
  unknown,
  Omit<Switch<CloseCommand>, "dryRun"> & { readonly wait: v.InferOutput<typeof waitSchema> }
> = closedObject({ ...closeEntries, wait: waitSchema });
export const openBody: v.GenericSchema<unknown, Switch<OpenCommand>> = closedObject({
  sites,
  reason,
  ignoreMissing: flag,
  anyway: v.optional(told(v.boolean(), "Opens a site that a running command holds.")),
  dryRun: flag,
});

type EditBody = Omit<ValidEditCommand, "type" | "site" | "version"> & { readonly dryRun?: boolean | undefined };
export const editBody: v.GenericSchema<unknown, EditBody> = closedObject({
  ...siteSettingsEntries,
  reason,
  dryRun: flag,
});

export const addSiteBody: v.GenericSchema<
  unknown,
  { readonly site: string; readonly hosts?: readonly string[] | undefined; readonly reason?: string | undefined }
> = closedObject({ site: siteIdSchema, hosts: v.optional(v.array(hostSchema)), reason });

type ExemptionsBody = NonNullable<CloseCommand["exempt"]> & {
  readonly untilOpen?: boolean | undefined;
  readonly reason?: string | undefined;
  readonly dryRun?: boolean | undefined;
};
export const exemptionsBody: v.GenericSchema<unknown, ExemptionsBody> = closedObject({
  ...exempt.entries,
  untilOpen: v.optional(told(v.boolean(), "They end when the site opens; refused while it is open.")),
  reason,
  dryRun: flag,
});

export const linkBody: v.GenericSchema<
  unknown,
  {
    readonly label: string;
    readonly expires?: string | null | undefined;
    readonly untilOpen?: boolean | undefined;
    readonly reason?: string | undefined;
  }
> = closedObject({
  label: v.pipe(text(100), v.nonEmpty("expected a label")),
  expires: v.optional(v.nullable(endSchema)),
  untilOpen: v.optional(told(v.boolean(), "It also ends when the site opens; refused while it is open.")),
  reason,
});

export const tokenBody: v.GenericSchema<
  unknown,
  {
    readonly name: string;
    readonly may: readonly Right[];
    readonly sites?: readonly string[] | null | undefined;
    readonly expires?: string | null | undefined;
    readonly reason?: string | undefined;
  }
> = closedObject({
  name: v.pipe(text(100), v.nonEmpty("expected a name")),
  may: v.pipe(
    v.array(v.picklist(RIGHTS)),
    v.minLength(1, `expected at least one of ${RIGHTS.join(", ")}`),
    v.maxLength(RIGHTS.length),
  ),
  sites: v.optional(v.nullable(sites)),
  expires: v.optional(v.nullable(endSchema)),
  reason,
});

export const passwordBody: v.GenericSchema<unknown, { readonly password: string }> = closedObject({
  password: v.pipe(text(1_000), v.nonEmpty("expected a password")),
});

/** `POST explain` */
export interface ExplainRequest {
  /** An absolute URL, or a path, for which the rules of `*` decide. */
  readonly url: string;
  /** @default "GET" */
  readonly method?: string | undefined;
  /**
   * The address of the connection.
   * @default not known
   */
  readonly address?: string | undefined;
  /** Headers by name. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * The kind of user that sends the request.
   * @default not known: a decision that depends on it is deferred
   */
  readonly user?: "anonymous" | "authenticated" | "staff" | "superuser" | undefined;
  /** How the application would classify the request, for a site that is read-only. */
  readonly operation?: "read" | "write" | undefined;
  /** Asks what would happen if a site were closed like that, whatever its current mode. */
  readonly if?: AssumedClosure | undefined;
}

/** A hypothetical closure, with the settings of `POST close`. */
export interface AssumedClosure extends AnswerSettings, Pick<CloseCommand, "paths" | "exempt" | "lockdown"> {
  readonly mode: "read-only" | "closed";
  /** @default the site of the URL's host, or `*` if there is none */
  readonly site?: string | undefined;
}

const explainEntries = {
  url: text(8_000),
  method: v.optional(text(20)),
  address: v.optional(text(60)),
  headers: v.optional(v.record(text(100), text(8_000))),
  user: v.optional(v.picklist(USER_KINDS)),
  operation: v.optional(v.picklist(["read", "write"])),
};

/** Checks only the members that name the sites of a question. */
export const namedExplain: v.GenericSchema<
  unknown,
  Omit<ExplainRequest, "if"> & { readonly if?: { readonly site?: string | undefined } | undefined }
> = v.looseObject({ ...explainEntries, if: v.optional(v.looseObject({ site: v.optional(siteIdSchema) })) });

/** The same with exemptions and translations in full. */
export type ValidAssumedClosure = AssumedClosure & Pick<ValidCloseCommand, "exempt" | "translations">;

export const explainBody: v.GenericSchema<
  unknown,
  Omit<ExplainRequest, "if"> & { readonly if?: ValidAssumedClosure | undefined }
> = closedObject({
  ...explainEntries,
  if: v.optional(
    told(
      closedObject({
        mode: v.picklist(["read-only", "closed"]),
        site: v.optional(told(siteIdSchema, "Left out: the one that the URL's host belongs to, else `*`.")),
        ...closureEntries,
      }),
      "What would happen if a site were closed like that, whatever it is now. The settings are those of `POST close`.",
    ),
  ),
});

// Queries: all values are text, and repeated parameters are lists.

/** A whole number in a query, where all values are text; described as an integer in the API's description. */
export function queryNumber(least: number, most: number): v.GenericSchema<string, number> {
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,15}$/, "expected a whole number"),
    v.transform(Number),
    v.minValue(least),
    v.maxValue(most),
    v.metadata({ schema: { type: "integer", minimum: least, maximum: most } }),
  );
}

const limit = v.optional(queryNumber(1, 1_000), "50");
const several = v.optional(
  v.union([
    v.pipe(
      v.string(),
      v.transform((one): readonly string[] => [one]),
    ),
    v.array(v.string()),
  ]),
);

export const sitesQuery: v.GenericSchema<unknown, SiteQuery> = closedObject({
  search: v.optional(text(200)),
  mode: v.optional(v.picklist(MODES)),
  sort: v.optional(v.picklist(SITE_ORDERS)),
  limit,
  after: v.optional(text(64)),
});

export interface HistoryFilter {
  readonly site?: string | undefined;
  readonly by?: string | undefined;
  readonly command?: string | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
}
export const historyQuery: v.GenericSchema<unknown, HistoryFilter> = closedObject({
  site: v.optional(siteIdSchema),
  by: v.optional(text(200)),
  command: v.optional(text(40)),
  before: v.optional(queryNumber(0, Number.MAX_SAFE_INTEGER)),
  limit,
});

export interface FleetQuery {
  readonly lineage?: string | undefined;
  readonly version?: number | undefined;
  readonly mode?: Mode | undefined;
  readonly site?: readonly string[] | undefined;
}
export const fleetQuery: v.GenericSchema<unknown, FleetQuery> = closedObject({
  lineage: v.optional(text(100)),
  version: v.optional(queryNumber(0, Number.MAX_SAFE_INTEGER)),
  mode: v.optional(v.picklist(MODES)),
  site: several,
});

export const forgetQuery: v.GenericSchema<unknown, { readonly anyway?: "true" | "false" | undefined }> = closedObject({
  anyway: v.optional(v.picklist(["true", "false"])),
});

export const exemptionsQuery: v.GenericSchema<
  unknown,
  { readonly path?: readonly string[] | undefined; readonly address?: readonly string[] | undefined }
> = closedObject({ path: several, address: several });

export const linksQuery: v.GenericSchema<unknown, { readonly site?: string | undefined }> = closedObject({
  site: v.optional(siteIdSchema),
});

export interface PreviewQuery {
  readonly site: string;
  readonly type: AnswerType;
  readonly locale?: string | undefined;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
  readonly moreUrl?: string | null | undefined;
  readonly until?: string | undefined;
  readonly mode?: "read-only" | "closed" | undefined;
}
export const previewQuery: v.GenericSchema<unknown, PreviewQuery> = closedObject({
  site: v.optional(siteIdSchema, "*"),
  locale: v.optional(
    v.pipe(
      text(100),
      parsesWith((tag) => tag === "" || parseLanguageTag(tag)),
    ),
  ),
  type: v.optional(v.picklist(["html", "json", "text"]), "html"),
  title: v.optional(noticeSchemas.title),
  message: v.optional(noticeSchemas.message),
  moreUrl: v.optional(
    v.pipe(
      text(2_000),
      parsesWith((url) => url === "" || parseUrl(url)),
      v.transform((url) => url || null),
    ),
  ),
  until: v.optional(endSchema),
  mode: v.optional(v.picklist(["read-only", "closed"])),
});
