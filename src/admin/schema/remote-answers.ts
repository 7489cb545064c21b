import * as v from "valibot";
import { ACTOR_KINDS, type Actor } from "../../state/actor.ts";
import { dictionary } from "../../validation/objects.ts";
import { EFFECTS, type Output } from "./responses.ts";

// The answers of the routes for the command line, which reads them with these schemas. They contain no secret. A later server may add
// members.

const text = v.string();
const flag = v.boolean();
const texts = v.array(text);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const textOrNull = v.nullable(text);

const position = v.object({ lineage: text, version: count });
const recordText = v.object({ version: count, text });
export type RecordText = Output<typeof recordText>;
const storedRecord = v.object({ id: text, version: count, text });

const outcome = v.object({
  site: text,
  effect: v.picklist(EFFECTS),
  before: v.nullable(recordText),
  after: v.nullable(recordText),
});
export type OutcomeView = Output<typeof outcome>;

/** `POST commands` */
export const commandResultSchema = v.object({
  outcomes: v.array(outcome),
  // The records of the groups and of `*` before the change; at least their mode, whatever the caller may view.
  forAll: v.array(storedRecord),
  position,
});
export type CommandResultView = Output<typeof commandResultSchema>;

/** The configuration as options, without functions, keys and templates. */
const configuration = v.object({
  sites: dictionary(v.string(), v.object({ hosts: texts })),
  groups: texts,
  operatorPaths: texts,
  exempt: v.object({
    paths: v.array(v.object({ pattern: text, description: text })),
    healthPaths: texts,
    adminPaths: texts,
    wellKnownPaths: texts,
    addresses: v.array(v.object({ range: text, description: text })),
    methods: texts,
    // `function`: only the application knows which users are exempt. `null`: none.
    users: v.nullable(
      v.union([
        v.object({ anonymous: flag, authenticated: flag, staff: flag, superuser: flag }),
        v.literal("function"),
      ]),
    ),
    // This is a test run, and every request passes.
    tests: flag,
  }),
  readOnly: v.object({ reads: texts, writes: texts }),
  statusCode: count,
  redirect: textOrNull,
  override: v.nullable(v.object({ mode: v.picklist(["open", "closed"]), where: text })),
  ignoreCase: flag,
  // A number of proxies, or their addresses; `null`: none is trusted.
  trustProxy: v.nullable(v.union([count, texts])),
  // Addresses that sent a forwarding header and that `trustProxy` does not name.
  ignoredProxies: texts,
});
export type ConfigurationView = Output<typeof configuration>;

/** `GET state?site=` */
export const stateSchema = v.object({
  lineage: text,
  version: count,
  // Where the state lives.
  store: text,
  // A record that cannot be read does not affect the others.
  separateRecords: flag,
  // The records that the caller may view. Those of `*` and the groups apply to every site: at least their mode is included.
  records: v.array(storedRecord),
  // Sites whose records cannot be read.
  unreadable: texts,
  configuration,
});
export type StateView = Output<typeof stateSchema>;

const actor: v.GenericSchema<unknown, Actor> = v.object({
  kind: v.picklist(ACTOR_KINDS),
  label: text,
  from: v.exactOptional(v.string()),
});
const recordChange = v.object({
  id: text,
  seen: count,
  before: textOrNull,
  after: textOrNull,
});
/** `GET changes?site=&before=&limit=`, newest first. */
export const changesSchema = v.object({
  changes: v.array(
    v.object({
      lineage: text,
      version: count,
      command: text,
      records: v.array(recordChange),
      at: text,
      by: actor,
      reason: text,
    }),
  ),
  // The `before` of the next page; `null` for the last page.
  next: v.nullable(count),
});
export type ChangesPage = Output<typeof changesSchema>;

/** Each function throws if the body is something else. */
export function readStateView(body: unknown): StateView {
  return v.parse(stateSchema, body);
}

export function readCommandResultView(body: unknown): CommandResultView {
  return v.parse(commandResultSchema, body);
}

export function readChangesPage(body: unknown): ChangesPage {
  return v.parse(changesSchema, body);
}
