import * as v from "valibot";
import { MaintenanceError } from "../errors.ts";
import { MODES, type Mode } from "../state/mode.ts";
import type { Barrier } from "../stores/members.ts";
import type { ProcessIdentity } from "./row.ts";

/** Milliseconds that a bound gate lets requests in after it has sent its last renewal. */
export const LEASE_MS = 10_000;
/** Milliseconds of the coordinator's own clock after which a bound row that has not changed may be evicted: 1.3 leases. */
export const OBSERVATION_MS = 13_000;
/** Milliseconds after which members remove a barrier that its coordinator no longer renews. */
export const SWEEP_MS = 30_000;
/** The factor of these times over object storage, which counts each request. */
export const SLOW_FACTOR = 6;

/** The details of a barrier, as its coordinator writes them in the text of the list's entry. */
export interface BarrierDetails {
  /**
   * `arming`: members bind themselves. `closing`: the change is being written, or was. `proven`: every member has closed and has finished
   * its work. `lost`: a hold that its holder no longer owns.
   */
  readonly phase: "arming" | "closing" | "proven" | "lost";
  /** The barrier stays after its proof, until its holder ends it: `run`. */
  readonly isHold: boolean;
  readonly targets: readonly BarrierTarget[];
  readonly holder: BarrierHolder;
  /** Whether an exemption of users still counts. Otherwise a gate in front decides as for an anonymous client. */
  readonly keepsUsers: boolean;
  /**
   * The treatment of answers that have been running for more than 10 seconds. The coordinator waits for them; with `destroy` the gate ends
   * them, with `keep` the coordinator does not count them.
   * @default "wait"
   */
  readonly streams?: WorkPolicy;
  /** The same for upgraded connections. */
  readonly sockets?: WorkPolicy;
  /** Milliseconds after the gate has closed at which it destroys the requests that are still under way. @default never */
  readonly cutAfter?: number;
}

export const WORK_POLICIES = ["wait", "destroy", "keep"] as const;
export type WorkPolicy = (typeof WORK_POLICIES)[number];

export interface BarrierTarget {
  readonly site: string;
  readonly mode: Mode;
  /** Path patterns; empty for the whole site. */
  readonly paths: readonly string[];
  /** Version of the record after the closing change; `null` before it. */
  readonly version: number | null;
}

export interface BarrierHolder {
  readonly process: ProcessIdentity;
  /** `on`, `run`, or the name of a program. */
  readonly label: string;
  /** RFC 3339. */
  readonly since: string;
  /** When the holder wrote this, RFC 3339, by its own clock: for people. */
  readonly renewed?: string;
}

/** Members of a later release are ignored. */
const textSchema: v.GenericSchema<unknown, BarrierDetails> = v.object({
  phase: v.picklist(["arming", "closing", "proven", "lost"]),
  isHold: v.boolean(),
  targets: v.array(
    v.object({
      site: v.string(),
      mode: v.picklist(MODES),
      paths: v.array(v.string()),
      version: v.nullable(v.number()),
    }),
  ),
  holder: v.object({
    process: v.object({ pid: v.number(), started: v.string(), space: v.string(), host: v.string() }),
    label: v.string(),
    since: v.string(),
    renewed: v.exactOptional(v.string()),
  }),
  keepsUsers: v.boolean(),
  streams: v.exactOptional(v.picklist(WORK_POLICIES)),
  sockets: v.exactOptional(v.picklist(WORK_POLICIES)),
  cutAfter: v.exactOptional(v.pipe(v.number(), v.minValue(0))),
});

export function serializeBarrier(details: BarrierDetails): string {
  return JSON.stringify(details);
}

/** @throws MaintenanceError `ERR_STATE_UNREADABLE` for the text of a later release, or a damaged one */
export function parseBarrier({ id, text }: Barrier): BarrierDetails {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), textSchema), text);
  if (parsed.success) return parsed.output;
  throw new MaintenanceError("ERR_STATE_UNREADABLE", `The barrier '${id}' cannot be read.`, {
    hint: "It may be that of a later release of this package.",
  });
}
