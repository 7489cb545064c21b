import * as v from "valibot";
import type { Command } from "../../control/command.ts";
import { closedObject } from "../../validation/validate.ts";
import { MAX_SITES, queryNumber, siteIdSchema } from "./requests.ts";

// The requests of the routes for the command line.

/** Links, tokens and the key of sessions are secrets that the server creates itself: they have their own routes. */
type SentCommand = Exclude<Command["type"], "add-link" | "add-token" | "begin-sessions" | "end-session">;
const SENT: Readonly<Record<SentCommand, true>> = {
  close: true,
  open: true,
  edit: true,
  "add-site": true,
  "remove-site": true,
  "add-exemptions": true,
  "remove-exemptions": true,
  "revoke-links": true,
  "revoke-tokens": true,
  "end-sessions": true,
  restore: true,
};

/** Checks only the type of the command: the rest is for `validateCommand`. */
export const commandsBody: v.GenericSchema<
  unknown,
  { readonly command: { readonly type: SentCommand }; readonly dryRun?: boolean | undefined }
> = closedObject({
  command: v.looseObject({ type: v.picklist(Object.keys(SENT) as SentCommand[]) }),
  dryRun: v.optional(v.boolean()),
});

const severalSites = v.union([
  v.pipe(
    siteIdSchema,
    v.transform((one): readonly string[] => [one]),
  ),
  v.pipe(v.array(siteIdSchema), v.maxLength(MAX_SITES)),
]);

export const stateQuery: v.GenericSchema<unknown, { readonly site?: readonly string[] | undefined }> = closedObject({
  site: v.optional(severalSites),
});

export const changesQuery: v.GenericSchema<
  unknown,
  { readonly site?: string | undefined; readonly before?: number | undefined; readonly limit: number }
> = closedObject({
  site: v.optional(siteIdSchema),
  before: v.optional(queryNumber(0, Number.MAX_SAFE_INTEGER)),
  limit: v.optional(queryNumber(1, 1_000), "50"),
});
