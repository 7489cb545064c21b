import type { Snapshot } from "../engine/snapshot/snapshot.ts";
import { MaintenanceError } from "../errors.ts";
import type { GateInternals } from "../gate/internals.ts";
import { ALL_SITES } from "../state/site-record.ts";
import type { AdminRequest } from "./access/access.ts";
import type { Principal } from "./access/principal.ts";
import type { AdminContext } from "./admin-context.ts";
import { type EventReader, openEventStream } from "./http/event-stream.ts";

/** The open event streams. */
export interface EventStreams {
  /** Throws `ERR_TOO_MANY_REQUESTS` if `principal` has too many already. */
  open(admin: AdminContext, asked: AdminRequest, principal: Principal): ReadableStream<Uint8Array>;
  /** Ends all of them, and opens no new ones. Idempotent. */
  close(): void;
}

/** Number of streams of one token, session or account at one address: some browser windows. */
const MAX_STREAMS_PER_OWNER = 20;
/** Number of all streams: each change is written to each. */
const MAX_STREAMS = 1_000;

/** Subscribes to `gate` while at least one stream is open. */
export function createEventStreams(gate: GateInternals): EventStreams {
  /** The open readers with their owners. */
  const readers = new Map<EventReader, string>();
  let last: Snapshot = gate.snapshot;
  let unsubscribe = (): void => {};
  let closed = false;

  function follow(): void {
    last = gate.snapshot;
    unsubscribe = gate.subscribe((event) => {
      if (event.type === "status") for (const reader of readers.keys()) reader.tellHealth();
      if (event.type !== "changed") return;
      const sites = changedSites(last, gate.snapshot);
      last = gate.snapshot;
      for (const reader of readers.keys()) reader.tellChange(event.version, sites);
    });
  }

  function requireRoom(owner: string): void {
    const own = [...readers.values()].filter((one) => one === owner).length;
    if (!closed && own < MAX_STREAMS_PER_OWNER && readers.size < MAX_STREAMS) return;
    throw new MaintenanceError("ERR_TOO_MANY_REQUESTS", "Too many event streams are open.", {
      hint: "Close one that is no longer needed.",
    });
  }

  return {
    open(admin, asked, principal) {
      const owner = `${principal.via}:${principal.key}`;
      requireRoom(owner);
      return openEventStream(admin, asked, principal, {
        began(reader) {
          if (readers.size === 0) follow();
          readers.set(reader, owner);
        },
        ended(reader) {
          if (readers.delete(reader) && readers.size === 0) unsubscribe();
        },
      });
    },
    close() {
      closed = true;
      for (const reader of readers.keys()) reader.end();
    },
  };
}

/** Returns the ids of the sites that differ in `after`; also `*` if a group differs, since a group applies to every site. */
function changedSites(before: Snapshot, after: Snapshot): readonly string[] {
  const changed = new Set(after.sites.changedSince(before.sites));
  if (after.forAll.some(({ id }) => changed.has(id))) changed.add(ALL_SITES);
  return [...changed];
}
