import * as v from "valibot";
import type { Effect } from "../../control/fleet/await-effect.ts";
import { FOLLOWER_STATES, type Follower } from "../../control/fleet/follower.ts";
import { underWaySchema } from "../../fleet/member.ts";
import { MODES } from "../../state/mode.ts";

// The processes that follow the state. A later server may add members.

const text = v.string();
const textOrNull = v.nullable(text);
const count = v.pipe(v.number(), v.minValue(0));
const countOrNull = v.nullable(count);
/** Adds a description to a schema. */
const told = <Schema extends v.GenericSchema>(schema: Schema, description: string) =>
  v.pipe(schema, v.description(description));

export const followerSchema: v.GenericSchema<unknown, Follower> = v.object({
  id: text,
  label: told(
    text,
    "Its name: the option `label`, else the name of its host. Without the right `view` on `*`: the beginning of its id.",
  ),
  host: told(
    textOrNull,
    "This member, and every other one that says more than the state does, is `null` without the right `view` on `*`.",
  ),
  pid: countOrNull,
  state: told(
    v.picklist(FOLLOWER_STATES),
    "`applied`: at the expected version, or later. `behind`: not yet. `other-lineage`: it follows another state. `overridden`: an override decides there. `not-mine`: it does not name the group. `unguarded`: it no longer checks requests. `leaving`: it shuts down. `silent`: not heard for three of its intervals. `unreadable`: a damaged row, or one of a later release. `ended`: it no longer exists.",
  ),
  version: told(countOrNull, "Version of the state that it has applied; `null`: it has never loaded one."),
  lag: told(countOrNull, "Number of changes that it has not applied; `null`: not known."),
  heard: told(countOrNull, "Milliseconds since it was last heard; `null`: not known."),
  library: told(textOrNull, "Version of this package."),
  runtime: textOrNull,
  level: v.nullable(v.picklist(["presence", "strict"])),
  override: told(v.nullable(v.picklist(MODES)), "The mode that an override forces."),
  groups: told(v.array(text), "The groups that it names."),
  wallOffset: told(v.nullable(v.number()), "Milliseconds by which its clock is ahead of the store's."),
  loopDelay: told(countOrNull, "The longest recent pause of its event loop, in milliseconds."),
  underWay: told(v.nullable(underWaySchema), "The work that it has let in and that has not ended."),
});

export const effectSchema: v.GenericSchema<unknown, Effect> = v.variant("list", [
  v.object({ list: told(v.literal("none"), "The store keeps no list of processes.") }),
  v.object({ list: told(v.literal("unreachable"), "The list cannot be read now."), reason: text, hint: text }),
  v.object({
    list: v.literal("read"),
    version: told(count, "Version of the state with which the processes were compared."),
    processes: told(v.array(followerSchema), "First those that have not applied it."),
    unnamed: told(v.array(text), "Groups that no process names: they close nothing."),
    waited: told(count, "Milliseconds before the last look."),
    isDone: told(v.boolean(), "There are processes that follow, and each of them has applied it."),
  }),
]);

/** Throws if the body is something else. */
export function readEffect(body: unknown): Effect {
  return v.parse(effectSchema, body);
}

export function readFollower(body: unknown): Follower {
  return v.parse(followerSchema, body);
}
