import * as v from "valibot";
import { MaintenanceError } from "../errors.ts";
import { MODES } from "../state/mode.ts";
import type { StoredMember } from "../stores/members.ts";
import { type MemberRow, SILENT_RENEWALS } from "./row.ts";

const count = v.pipe(v.number(), v.minValue(0));
export const underWaySchema = v.object({
  requests: count,
  writes: count,
  streams: count,
  sockets: count,
  held: count,
  exempted: count,
  oldest: v.nullable(v.object({ what: v.string(), site: v.string(), since: v.number() })),
});

/** Members of a later release are ignored. */
const rowSchema: v.GenericSchema<unknown, MemberRow> = v.object({
  prior: v.nullable(v.string()),
  process: v.object({ pid: v.number(), started: v.string(), space: v.string(), host: v.string() }),
  label: v.string(),
  library: v.string(),
  runtime: v.string(),
  level: v.picklist(["presence", "strict"]),
  state: v.picklist(["in", "leaving", "unguarded"]),
  clocks: v.array(v.picklist(["monotonic", "wall", "uptime"])),
  position: v.nullable(v.object({ lineage: v.string(), version: count })),
  override: v.nullable(v.picklist(MODES)),
  groups: v.array(v.string()),
  bound: count,
  renews: count,
  attests: v.array(
    v.object({
      barrier: v.string(),
      outcome: v.picklist(["closed", "not-mine", "open"]),
      because: v.exactOptional(v.string()),
      underWay: underWaySchema,
      waysIn: v.record(v.string(), count),
    }),
  ),
  underWay: underWaySchema,
  wallOffset: v.nullable(v.number()),
  loopDelay: count,
});

/** A row as other processes read it. */
export interface Member extends MemberRow, Omit<StoredMember, "text"> {
  /** It was not renewed for `SILENT_RENEWALS` of its intervals. */
  readonly isSilent: boolean;
}

/**
 * Returns a row as other processes read it.
 * @throws MaintenanceError `ERR_STATE_UNREADABLE` for a damaged row, or one of a later release
 */
export function parseMember({ text, ...stored }: StoredMember): Member {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), rowSchema), text);
  if (!parsed.success) {
    throw new MaintenanceError(
      "ERR_STATE_UNREADABLE",
      `The row '${stored.id}' of the list of processes cannot be read.`,
      {
        hint: "It may be that of a process with a later release of this package.",
      },
    );
  }
  const row = parsed.output;
  const isSilent = stored.age !== null && stored.age > row.renews * SILENT_RENEWALS;
  return { ...row, ...stored, isSilent };
}
