import * as v from "valibot";
import { MODES } from "../../state/mode.ts";
import { ALL_SITES, openRecord, parseSiteId } from "../../state/site-record.ts";
import {
  answerEntries,
  durationSchema,
  endedSessionEntries,
  endSchema,
  exemptEntries,
  hostSchema,
  instantSchema,
  keySchema,
  newLinkSchema,
  newTokenSchema,
  pathPatternsSchema,
  rangeSchema,
  scopeSchema,
  siteSettingsEntries,
  storedClosureSchemas,
} from "../../state/site-record-schema.ts";
import { completeObject, partialObject } from "../../validation/objects.ts";
import { closedObject, openObject, parsesWith, requireWellFormed, validate } from "../../validation/validate.ts";
import type { SwitchSettings, ValidCommand } from "../command.ts";
import { switchSettingsOf } from "./restore-switch.ts";

const siteId = v.pipe(v.string(), parsesWith(parseSiteId));
const sites = v.optional(v.array(siteId));
const reason = v.optional(v.pipe(v.string(), v.maxLength(500)));
const flag = v.optional(v.boolean());
const exempt = closedObject(exemptEntries);

/** The settings that a scope has found in a record. Members from a later release are kept. */
const switchSettings = completeObject<SwitchSettings>(
  {
    ...storedClosureSchemas,
    mode: v.picklist(MODES),
    since: v.nullable(instantSchema),
    until: v.nullable(instantSchema),
    restore: v.nullable(partialObject(storedClosureSchemas, openObject)),
    scope: v.nullable(scopeSchema),
  },
  switchSettingsOf(openRecord(ALL_SITES)),
);

const SCHEMAS: {
  readonly [Type in ValidCommand["type"]]: v.GenericSchema<unknown, Extract<ValidCommand, { type: Type }>>;
} = {
  close: closedObject({
    type: v.literal("close"),
    sites,
    mode: v.optional(v.picklist(["read-only", "closed"])),
    until: v.optional(v.nullable(endSchema)),
    for: v.optional(durationSchema),
    ...answerEntries,
    paths: v.optional(pathPatternsSchema),
    exempt: v.optional(exempt),
    lockdown: flag,
    reason,
    ignoreMissing: flag,
    anyway: flag,
    scope: v.optional(scopeSchema),
  }),
  open: closedObject({
    type: v.literal("open"),
    sites,
    reason,
    ignoreMissing: flag,
    anyway: flag,
    scope: v.optional(scopeSchema),
  }),
  edit: closedObject({
    type: v.literal("edit"),
    site: siteId,
    version: v.pipe(v.number(), v.integer(), v.minValue(0)),
    ...siteSettingsEntries,
    reason,
  }),
  "add-site": closedObject({
    type: v.literal("add-site"),
    site: siteId,
    hosts: v.optional(v.array(hostSchema)),
    reason,
  }),
  "remove-site": closedObject({
    type: v.literal("remove-site"),
    site: siteId,
    version: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    reason,
  }),
  "add-exemptions": closedObject({
    type: v.literal("add-exemptions"),
    site: v.optional(siteId),
    ...exempt.entries,
    untilOpen: flag,
    reason,
  }),
  "remove-exemptions": closedObject({
    type: v.literal("remove-exemptions"),
    site: v.optional(siteId),
    paths: v.optional(pathPatternsSchema),
    addresses: v.optional(v.array(rangeSchema)),
    reason,
  }),
  restore: closedObject({
    type: v.literal("restore"),
    records: v.array(closedObject({ site: siteId, left: switchSettings, found: switchSettings })),
    reason,
  }),
  "add-link": closedObject({ type: v.literal("add-link"), site: v.optional(siteId), link: newLinkSchema, reason }),
  "revoke-links": closedObject({
    type: v.literal("revoke-links"),
    site: v.optional(siteId),
    links: v.optional(v.array(v.string())),
    reason,
  }),
  "add-token": closedObject({ type: v.literal("add-token"), token: newTokenSchema, reason }),
  "revoke-tokens": closedObject({
    type: v.literal("revoke-tokens"),
    tokens: v.optional(v.array(v.string())),
    reason,
  }),
  "begin-sessions": closedObject({ type: v.literal("begin-sessions"), key: keySchema, reason }),
  "end-session": closedObject({ type: v.literal("end-session"), ...endedSessionEntries, until: endSchema, reason }),
  "end-sessions": closedObject({ type: v.literal("end-sessions"), reason }),
};

const TYPES = Object.keys(SCHEMAS) as ValidCommand["type"][];
const typeSchema = v.looseObject(
  { type: v.picklist(TYPES) },
  `expected an object\nIts type is one of: ${TYPES.join(", ")}.`,
);

/**
 * Validates a command from any source. Returns it with times in UTC, hosts in lower case and links in full. Throws
 * `ERR_INVALID_COMMAND`, or the code of the rule that a value breaks, naming the member, the value and the fix.
 */
export function validateCommand(command: unknown): ValidCommand {
  const { type } = validate(typeSchema, command, "ERR_INVALID_COMMAND", "the command");
  const subject = `the command '${type}'`;
  const valid = validate<v.GenericSchema<unknown, ValidCommand>>(
    SCHEMAS[type],
    command,
    "ERR_INVALID_COMMAND",
    subject,
  );
  requireWellFormed(valid, "ERR_INVALID_COMMAND", subject);
  return valid;
}
