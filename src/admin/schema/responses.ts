import * as v from "valibot";
import type { Outcome } from "../../control/apply/apply-command.ts";
import type { WayIn } from "../../control/views/ways-in.ts";
import type { Decision } from "../../engine/decide/decision.ts";
import { ERROR_HINTS, type ErrorCode } from "../../errors.ts";
import { ACTOR_KINDS, type Actor } from "../../state/actor.ts";
import { MODES, type Mode } from "../../state/mode.ts";
import type { Exemptions, Notice, ResponseSettings } from "../../state/site-record.ts";
import { RIGHTS, type Right } from "../access/principal.ts";
import { effectSchema } from "./fleet.ts";
import { holdSchema } from "./holds.ts";

// The answers of the API, version 1: each shape once, with the descriptions of its members. The handlers, the admin page and the command
// line take their types from here. Times are RFC 3339 in UTC. They contain no secret, except where it is mentioned.

/** The read-only type of the values that a schema accepts. */
export type Output<Schema extends v.GenericSchema> = ReadonlyDeep<v.InferOutput<Schema>>;
type ReadonlyDeep<Value> = Value extends object ? { readonly [Key in keyof Value]: ReadonlyDeep<Value[Key]> } : Value;

const text = v.string();
const flag = v.boolean();
const time = v.pipe(v.string(), v.isoTimestamp());
const whole = v.pipe(v.number(), v.integer());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const orNull = v.nullable;
const list = v.array;
/** Adds a description to a schema. */
const told = <Schema extends v.GenericSchema>(schema: Schema, description: string) =>
  v.pipe(schema, v.description(description));

export const mode: v.GenericSchema<unknown, Mode> = v.picklist(MODES);
export const right: v.GenericSchema<unknown, Right> = v.picklist(RIGHTS);
export const errorCode: v.GenericSchema<unknown, ErrorCode> = v.picklist(Object.keys(ERROR_HINTS) as ErrorCode[]);

export const actor: v.GenericSchema<unknown, Actor> = v.strictObject({
  kind: v.picklist(ACTOR_KINDS),
  label: v.string(),
  from: v.exactOptional(v.string()),
});
const created = v.strictObject({ at: time, by: actor });

const limited = "Created with rights on this site alone: does not apply while `*` or a group is closed too.";
const exemptionEntries = { description: text, limited: v.exactOptional(told(v.boolean(), limited)) };
const exemptions: v.GenericSchema<unknown, Exemptions> = v.strictObject({
  paths: list(v.strictObject({ pattern: text, ...exemptionEntries })),
  addresses: list(v.strictObject({ range: text, ...exemptionEntries })),
});
const notice: v.GenericSchema<unknown, Notice> = v.strictObject({
  title: text,
  message: text,
  translations: v.record(v.string(), v.strictObject({ title: text, message: text })),
  moreUrl: orNull(text),
});
const responseSettings: v.GenericSchema<unknown, ResponseSettings> = v.strictObject({
  statusCode: orNull(whole),
  retryAfter: orNull(whole),
  refresh: orNull(whole),
  redirect: orNull(text),
});

const linkEntries = {
  id: text,
  site: text,
  label: text,
  expires: orNull(time),
  expired: flag,
  untilOpen: told(flag, "It also ends when its site opens."),
  limited: told(flag, limited),
  created,
};
export const linkSchema = v.strictObject(linkEntries);
export type LinkView = Output<typeof linkSchema>;
export const newLinkSchema = v.strictObject({
  ...linkEntries,
  token: told(text, "Only in this answer; it is not stored."),
  query: told(text, "Query to add to any address of the site: `maintenance-access=…`."),
  url: told(orNull(text), "A complete address, if a host of the site is known."),
});
export type NewLinkView = Output<typeof newLinkSchema>;
export const linksSchema = v.strictObject({
  links: list(linkSchema),
});

export const siteSchema = v.strictObject({
  id: text,
  configured: told(flag, "The configuration names it: it cannot be removed."),
  hosts: told(list(text), "From the record and the configuration."),
  configuredHosts: told(list(text), "Those from the configuration, which cannot be edited."),
  mode: told(mode, "The site's own switch now."),
  until: told(orNull(time), "When it opens automatically."),
  inForce: told(
    v.strictObject({ mode, until: orNull(time), by: text, only: list(text) }),
    "The strictest mode anywhere on the site now, including the effect of `*`, the groups and an override. `by`: the site whose switch it is, or where the override is set. `only`: the paths that are affected; empty: the whole site.",
  ),
  paths: told(list(text), "Only these paths are affected; empty: the whole site."),
  exemptions,
  lockdown: told(flag, "No exemption applies while it is closed."),
  notice: told(notice, "The notice for visitors; empty: the built-in texts. `translations` by language tag."),
  response: told(responseSettings, "The form of the answer; `null`: as configured."),
  links: list(linkSchema),
  afterwards: told(
    orNull(
      v.strictObject({
        paths: v.exactOptional(list(text)),
        exemptions: v.exactOptional(exemptions),
        lockdown: v.exactOptional(flag),
        notice: v.exactOptional(notice),
        response: v.exactOptional(responseSettings),
      }),
    ),
    "The settings above that end with the closure, with their values after it; `null`: none.",
  ),
  warnings: told(
    list(text),
    "Sentences on this site's own exemptions: those that admit everyone, and addresses of a proxy.",
  ),
  version: told(count, "For `If-Match`, in quotes."),
  changed: orNull(v.strictObject({ at: time, by: actor, reason: text })),
  may: told(list(right), "What you may do here."),
});
export type SiteView = Output<typeof siteSchema>;
export const siteListSchema = v.strictObject({
  sites: list(siteSchema),
  total: told(count, "Number of sites that match the search."),
  closed: told(count, "Number of all visible sites that are not open."),
  next: told(orNull(text), "The `after` of the next page; `null` for the last page."),
});
export type SiteList = Output<typeof siteListSchema>;

const WAYS: readonly WayIn["kind"][] = ["surface", "address", "path", "method", "link", "user", "test-run"];
export const exemptionListSchema = v.strictObject({
  rules: told(
    list(
      v.strictObject({
        kind: v.picklist(WAYS),
        rule: told(text, "As written: `10.0.0.0/8`, `/healthz`, `GET`, `staff`; of a link its label."),
        description: text,
        source: told(text, "`configuration`, which cannot be edited, or the site whose record contains it."),
      }),
    ),
    "The rules of the configuration, the site, the groups and `*` that you may see. In lockdown: the operators' paths.",
  ),
  hidden: told(count, "Number of rules that you may not see."),
  warnings: told(list(text), "Sentences on all of them together: rules that admit everyone, and addresses of a proxy."),
});
export type ExemptionList = Output<typeof exemptionListSchema>;

/** The effects of a command on one site. */
export const EFFECTS: readonly Outcome["effect"][] = [
  "closed",
  "opened",
  "updated",
  "added",
  "removed",
  "unchanged",
  "skipped",
];

export const changeResultSchema = v.strictObject({
  dryRun: flag,
  outcomes: list(v.strictObject({ site: text, effect: v.picklist(EFFECTS) })),
  version: told(count, "Version of the state after the change."),
  sites: told(list(siteSchema), "The first 100 of the changed sites that you may see; empty with `dryRun`."),
  effect: v.exactOptional(
    told(
      effectSchema,
      "With `Prefer: wait=3`: which processes have applied the change, after at most that many seconds.",
    ),
  ),
  warnings: told(list(text), "Sentences for the operator: you would be shut out yourself, the store cannot be read."),
});
export type ChangeResult = Output<typeof changeResultSchema>;

const memberChange = v.strictObject({
  member: told(text, "Dotted: `notice.message`."),
  before: v.unknown(),
  after: v.unknown(),
});
export const historySchema = v.strictObject({
  entries: list(
    v.strictObject({
      version: count,
      at: time,
      by: actor,
      command: text,
      reason: text,
      sites: list(v.strictObject({ site: text, changes: list(memberChange) })),
    }),
  ),
  next: told(orNull(count), "The `before` of the next page; `null` for the last page."),
});
/** One change. Secrets are left out of `before` and `after`. */
export type HistoryEntryView = HistoryPage["entries"][number];
export type HistoryPage = Output<typeof historySchema>;

const rule = v.strictObject({ text: v.string(), source: v.string(), description: v.string() });
const decision = v.looseObject({
  outcome: v.picklist(["allow", "admit", "block", "defer"]),
  site: orNull(text),
  mode,
  version: count,
  rule: v.exactOptional(v.nullable(rule)),
  reason: v.exactOptional(v.string()),
  until: v.exactOptional(v.nullable(v.number())),
}) as v.GenericSchema<unknown, Decision>;
export const explanationSchema = v.strictObject({
  decision,
  sentence: told(text, "`Allowed: its address is exempt.`"),
  site: told(orNull(text), "The site that the URL's host belongs to; `null`: none, and the rules for `*` apply."),
  address: told(
    v.strictObject({ value: orNull(text), source: orNull(text), ignored: orNull(text) }),
    "The address that was compared with the rules; its `source` is `given`, or the header that trusted proxies set. `ignored`: a forwarding header that is not trusted.",
  ),
  remarks: told(list(text), "Sentences for people: on a host that belongs to no site, and always on the address."),
  ifClosed: told(
    orNull(v.strictObject({ decision, sentence: text })),
    "If nothing closed applies to the request: what would happen if its site were closed as it is.",
  ),
  answer: orNull(v.strictObject({ status: whole, headers: list(v.tuple([text, text])) })),
});
export type Explanation = Output<typeof explanationSchema>;

export const healthSchema = v.strictObject({
  state: told(
    v.picklist(["starting", "live", "polling", "stale", "closed"]),
    "`live`: the store reports changes as they happen. `stale`: the store is unavailable, and the last state read applies.",
  ),
  store: text,
  lineage: text,
  version: count,
  lastContact: orNull(time),
  error: orNull(v.strictObject({ code: errorCode, message: text, hint: text })),
  neverLoaded: told(flag, "The state was never loaded: `whenNeverLoaded` decides."),
  override: told(
    orNull(v.strictObject({ mode, where: text })),
    "The override that makes every switch ineffective, and where it is set.",
  ),
  guessLimitReached: told(orNull(time), "When a client last used up its guesses of bypass links, in this process."),
  ignoredProxies: told(
    list(text),
    "Addresses that sent this process a forwarding header and are not in `trustProxy`: up to 8.",
  ),
  missedByMiddleware: told(
    orNull(text),
    "A request, by its method and path, that ended before the maintenance middleware saw it: the middleware is mounted too late.",
  ),
});
export type Health = Output<typeof healthSchema>;

export const eventSchema = v.variant("type", [
  v.strictObject({ type: v.literal("change"), version: count, sites: list(text) }),
  v.strictObject({ type: v.literal("health"), health: healthSchema }),
]);
export type AdminEvent = Output<typeof eventSchema>;

export const sessionSchema = v.strictObject({
  name: text,
  via: v.picklist(["application", "token", "session"]),
  may: told(list(right), "Your rights on every site; those on some sites only are in the `may` of each site."),
  locales: list(text),
  address: orNull(text),
  addressWarning: told(orNull(text), "A warning before exempting that address."),
  now: time,
});
export type SessionView = Output<typeof sessionSchema>;

const tokenEntries = {
  id: text,
  name: text,
  may: list(right),
  sites: orNull(list(text)),
  expires: orNull(time),
  created,
};
export const tokenSchema = v.strictObject(tokenEntries);
export type TokenView = Output<typeof tokenSchema>;
export const newTokenSchema = v.strictObject({
  ...tokenEntries,
  token: text,
});
export const tokensSchema = v.strictObject({
  tokens: list(tokenSchema),
});

export const problemSchema = v.strictObject({
  type: text,
  title: text,
  status: whole,
  code: errorCode,
  detail: text,
  hint: text,
  errors: v.exactOptional(
    told(
      list(v.strictObject({ pointer: text, message: text })),
      "With 422: every invalid member, as a JSON pointer (RFC 6901).",
    ),
  ),
  current: v.exactOptional(told(siteSchema, "With 412: the site as it is stored now.")),
  held: v.exactOptional(told(list(holdSchema), "With `ERR_HELD`: who holds the sites.")),
  ways: v.exactOptional(
    told(
      v.strictObject({ application: flag, tokens: flag, password: flag }),
      "With the 401 of `GET session`: the ways to sign in.",
    ),
  ),
  advice: v.exactOptional(told(orNull(text), "With that 401: what to set, where there is no way to sign in.")),
});
export type Problem = Output<typeof problemSchema>;
