import * as v from "valibot";
import type { Outcome } from "../../control/apply/apply-command.ts";
import { ACTOR_KINDS, type Actor } from "../../state/actor.ts";
import type { Position, RecordChange } from "../../stores/store.ts";
import { dictionary } from "../../validation/objects.ts";
import type { ChangesPage, CommandResultView, ConfigurationView, RecordText, StateView } from "./remote-types.ts";

// What the routes for the command line answer; the command line reads it by these too. A later server may add members.

const text: v.GenericSchema<unknown, string> = v.string();
const flag: v.GenericSchema<unknown, boolean> = v.boolean();
const texts: v.GenericSchema<unknown, readonly string[]> = v.array(v.string());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const textOrNull: v.GenericSchema<unknown, string | null> = v.nullable(v.string());

const position: v.GenericSchema<unknown, Position> = v.looseObject({ lineage: text, version: count });
const recordText: v.GenericSchema<unknown, RecordText> = v.looseObject({ version: count, text });
const EFFECTS: readonly Outcome["effect"][] = [
  "closed",
  "opened",
  "updated",
  "added",
  "removed",
  "unchanged",
  "skipped",
];

export const commandResultSchema: v.GenericSchema<unknown, CommandResultView> = v.looseObject({
  outcomes: v.array(
    v.looseObject({
      site: text,
      effect: v.picklist(EFFECTS),
      before: v.nullable(recordText),
      after: v.nullable(recordText),
    }),
  ),
  position,
});

const configuration: v.GenericSchema<unknown, ConfigurationView> = v.looseObject({
  sites: dictionary(v.string(), v.looseObject({ hosts: texts })),
  groups: texts,
  operatorPaths: texts,
  exempt: v.looseObject({
    paths: texts,
    healthPaths: texts,
    adminPaths: texts,
    wellKnownPaths: texts,
    addresses: texts,
    methods: texts,
    users: v.nullable(
      v.union([
        v.looseObject({ anonymous: flag, authenticated: flag, staff: flag, superuser: flag }),
        v.literal("function"),
      ]),
    ),
    tests: flag,
  }),
  readOnly: v.looseObject({ reads: texts, writes: texts }),
  statusCode: count,
  redirect: textOrNull,
  override: v.nullable(v.looseObject({ mode: v.picklist(["open", "closed"]), where: text })),
  ignoreCase: flag,
  trustProxy: v.nullable(v.union([count, texts])),
  ignoredProxies: texts,
});

export const stateSchema: v.GenericSchema<unknown, StateView> = v.looseObject({
  lineage: text,
  version: count,
  store: text,
  separateRecords: flag,
  records: v.array(v.looseObject({ id: text, version: count, text })),
  unreadable: texts,
  configuration,
});

const actor: v.GenericSchema<unknown, Actor> = v.looseObject({
  kind: v.picklist(ACTOR_KINDS),
  label: text,
  from: v.exactOptional(v.string()),
});
const recordChange: v.GenericSchema<unknown, RecordChange> = v.looseObject({
  id: text,
  seen: count,
  before: textOrNull,
  after: textOrNull,
});
export const changesSchema: v.GenericSchema<unknown, ChangesPage> = v.looseObject({
  changes: v.array(
    v.looseObject({
      lineage: text,
      version: count,
      command: text,
      records: v.array(recordChange),
      at: text,
      by: actor,
      reason: text,
    }),
  ),
  next: v.nullable(count),
});

/** Each throws when it is something else. */
export function readStateView(body: unknown): StateView {
  return v.parse(stateSchema, body);
}

export function readCommandResultView(body: unknown): CommandResultView {
  return v.parse(commandResultSchema, body);
}

export function readChangesPage(body: unknown): ChangesPage {
  return v.parse(changesSchema, body);
}
