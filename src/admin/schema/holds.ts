import * as v from "valibot";
import type { HeldView } from "../../control/barrier/held.ts";

// The barriers and holds that are on. A later server may add members.

/** Adds a description to a schema. */
const told = <Schema extends v.GenericSchema>(schema: Schema, description: string) =>
  v.pipe(schema, v.description(description));

export const holdSchema: v.GenericSchema<unknown, HeldView> = v.object({
  id: v.string(),
  seq: v.number(),
  sites: v.array(v.string()),
  isHold: told(
    v.boolean(),
    "A command runs behind it: the sites are opened, and their closures narrowed, only with `anyway`. Otherwise a command waits for the processes.",
  ),
  phase: told(v.picklist(["arming", "closing", "proven", "lost"]), "`lost`: its holder was silent for too long."),
  label: told(
    v.string(),
    "`run`, `on`, or the name of a program. Empty for a later release, and without the right `view` on `*`, as are `host` and `pid`.",
  ),
  host: v.string(),
  pid: told(v.number(), "0: not known."),
  since: told(v.string(), "When it began. Empty for a later release."),
  quiet: told(v.number(), "Milliseconds since its holder renewed it. After 30 seconds it may have crashed."),
  hasEnded: told(
    v.optional(v.boolean(), false),
    "Its process has ended, as the server can see on its own machine. What it has started may still run.",
  ),
});

export const holdsSchema = v.object({ holds: v.array(holdSchema) });

/** Throws if the body is something else. */
export function readHoldList(body: unknown): readonly HeldView[] {
  return v.parse(holdsSchema, body).holds;
}
