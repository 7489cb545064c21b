import * as v from "valibot";
import type { WaitOptions } from "../../control/barrier/wait-options.ts";
import { waitEntries } from "../../control/barrier/wait-options.ts";
import type { ProcessView, WaitReason, WaitRemark, WaitResult } from "../../control/barrier/wait-result.ts";
import type { WayIn } from "../../control/views/ways-in.ts";
import { closedObject } from "../../validation/validate.ts";
import { holdSchema } from "./holds.ts";
import { commandResultSchema } from "./remote-answers.ts";
import type { Output } from "./responses.ts";

// The lines of `POST close-and-wait`. A later server may add members and events.

const text = v.string();
const number = v.number();
const flag = v.boolean();
const list = v.array;
/** Adds a description to a schema. */
const told = <Schema extends v.GenericSchema>(schema: Schema, description: string) =>
  v.pipe(schema, v.description(description));

export const waitSchema: v.GenericSchema<unknown, Omit<WaitOptions, "signal" | "onProgress">> = closedObject(
  waitEntries,
);

export const waitProcessSchema: v.GenericSchema<unknown, ProcessView> = v.object({
  id: text,
  label: told(text, "Without the right `view` on `*`: the beginning of its id."),
  host: told(text, "Empty without that right."),
  pid: told(number, "0 without that right."),
  standing: told(
    v.picklist(["unbound", "bound", "open", "draining", "closed", "not-mine", "silent", "evicted", "unreadable"]),
    "`unbound`, `bound`: before the closing change. `open`: it has not closed. `draining`: it has closed, and requests are under way. `closed`: and none is. `not-mine`: it does not serve the site. `silent`: it is not heard and may be serving. `evicted`: it is not heard, and lets no request in any more. `unreadable`: a damaged row, or one of a later release.",
  ),
  because: told(v.nullable(text), "Why it is open."),
  waitsFor: told(number, "Number of requests, sockets and jobs that are waited for."),
  oldest: told(
    v.nullable(v.object({ what: text, age: number })),
    "The oldest of them; `age` in milliseconds. `null` without the right `view` on `*`.",
  ),
  quiet: told(number, "Milliseconds since it was last heard."),
});

const view = waitProcessSchema;
export const waitReasonSchema: v.GenericSchema<unknown, WaitReason> = v.variant("kind", [
  v.object({ kind: v.literal("process"), process: view }),
  v.object({ kind: v.literal("expected"), expected: number, found: number }),
  v.object({ kind: told(v.literal("none"), "No process on the list has closed the site.") }),
  v.object({ kind: told(v.literal("young"), "Processes may not be back on the list."), left: number }),
  v.object({ kind: v.literal("surfaces"), surfaces: list(text) }),
  v.object({ kind: v.literal("store"), message: text }),
  v.object({ kind: v.literal("interrupted") }),
  v.object({ kind: v.literal("connection"), message: text }),
  v.object({ kind: v.literal("held"), held: list(holdSchema) }),
  v.object({ kind: v.picklist(["opened", "weakened"]), site: text, what: text }),
  v.object({ kind: v.literal("restored") }),
  v.object({ kind: v.literal("overridden"), label: text, host: text, pid: number }),
  v.object({ kind: v.literal("swept") }),
]);

const remark: v.GenericSchema<unknown, WaitRemark> = v.variant("kind", [
  v.object({ kind: v.literal("clock"), process: view, offset: number }),
  v.object({ kind: v.literal("blocked"), process: view, delay: number }),
  v.object({ kind: v.literal("closed-unbound"), processes: list(view) }),
  v.object({ kind: v.literal("barrier-left") }),
]);

const wayIn: v.GenericSchema<unknown, WayIn> = v.object({
  kind: v.picklist(["surface", "address", "path", "method", "link", "user", "test-run"]),
  rule: text,
  description: text,
  source: text,
});

const progressEntries = {
  phase: v.picklist(["queued", "settling", "arming", "closing", "draining"]),
  processes: list(view),
  expected: v.nullable(number),
  reasons: list(waitReasonSchema),
  elapsed: told(number, "Milliseconds since it began."),
};

export const waitResultSchema: v.GenericSchema<unknown, WaitResult> = v.object({
  exit: told(
    v.picklist([0, 5, 6, 7]),
    "The exit code of `on --wait`. 0: every process on the list has closed, and its requests have ended. 5: as 0, but for processes that fell silent. 6: not proved in time. 7: another process opened the site, weakened the closure, restored the state or removed the barrier.",
  ),
  closed: told(v.union([flag, v.literal("unknown")]), "Whether the closing change was written."),
  restored: flag,
  interrupted: told(flag, "The caller has disconnected, or the server was stopped."),
  assumed: told(flag, "The exit is 0 because of `acceptEvicted`."),
  reasons: told(list(waitReasonSchema), "Why the exit is not 0."),
  processes: list(view),
  waysIn: told(list(wayIn), "Rules that let requests in although the sites are closed, as far as you may see them."),
  exempted: told(number, "Requests under way that such a rule has let in."),
  kept: told(list(v.picklist(["streams", "sockets"])), "Kinds of work that were left running."),
  remarks: list(remark),
  fence: told(text, "`LIST:EPOCH` of the barrier. Empty if none was set."),
  elapsed: number,
});

export const waitLineSchema = v.variant("event", [
  v.object({ event: v.literal("progress"), ...progressEntries }),
  v.object({ event: told(v.literal("alive"), "Nothing has changed for some seconds.") }),
  v.object({
    event: told(v.literal("result"), "The last line."),
    wait: waitResultSchema,
    change: told(v.nullable(commandResultSchema), "The closing change; `null` if it was not written."),
  }),
  v.object({
    event: told(v.literal("error"), "The last line, instead of the result."),
    problem: told(v.looseObject({ code: text, detail: text, hint: text }), "A `Problem`."),
  }),
]);
export type WaitLine = Output<typeof waitLineSchema>;

/** Returns `null` for an event of a later release. Throws if the text is something else. */
export function readWaitLine(text: string): WaitLine | null {
  const line: unknown = JSON.parse(text);
  const { event } = v.parse(v.looseObject({ event: v.string() }), line);
  const isKnown = waitLineSchema.options.some(({ entries }) => v.is(entries.event, event));
  return isKnown ? v.parse(waitLineSchema, line) : null;
}
