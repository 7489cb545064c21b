import type { Snapshot } from "../engine/snapshot.ts";
import { MaintenanceError, messageOf } from "../errors.ts";
import type { Gate } from "../gate.ts";
import { ALL_SITES } from "../state/site-record.ts";
import type { AdminRequest } from "./access/access.ts";
import type { Principal } from "./access/principal.ts";
import type { AdminContext } from "./admin-context.ts";
import type { AdminEvent } from "./api-types.ts";
import { healthView } from "./health-view.ts";

/** The open streams of events. */
export interface EventStreams {
  /** Throws `ERR_TOO_MANY_REQUESTS` when `principal` has too many already. */
  open(admin: AdminContext, asked: AdminRequest, principal: Principal): ReadableStream<Uint8Array>;
  /** Ends all of them, and opens no more. Idempotent. */
  close(): void;
}

/** Milliseconds. */
const HEARTBEAT = 20_000;
const MOST_PER_PRINCIPAL = 20;
const MOST = 1_000;
/** A reader who leaves so many events lying is gone. */
const MOST_UNREAD = 200;

interface Listener {
  readonly of: string;
  tell(event: "health" | { readonly version: number; readonly sites: readonly string[] }): void;
  end(): void;
}

/** Follows `gate` for as long as somebody listens. */
export function createEventStreams(gate: Gate): EventStreams {
  const { clock, logger } = gate.options;
  const listeners = new Set<Listener>();
  let last: Snapshot = gate.snapshot;
  let unsubscribe = (): void => {};
  let closed = false;

  function follow(): void {
    last = gate.snapshot;
    unsubscribe = gate.subscribe((event) => {
      if (event.type === "followed") for (const listener of listeners) listener.tell("health");
      if (event.type !== "changed") return;
      const change = { version: event.version, sites: changedSites(last, gate.snapshot) };
      last = gate.snapshot;
      for (const listener of listeners) listener.tell(change);
    });
  }

  function add(listener: Listener): void {
    const same = [...listeners].filter(({ of }) => of === listener.of).length;
    if (closed || same >= MOST_PER_PRINCIPAL || listeners.size >= MOST) {
      throw new MaintenanceError("ERR_TOO_MANY_REQUESTS", "Too many streams of events are open.", {
        hint: "Close one that is not needed any more.",
      });
    }
    if (listeners.size === 0) follow();
    listeners.add(listener);
  }

  function remove(listener: Listener): void {
    if (listeners.delete(listener) && listeners.size === 0) unsubscribe();
  }

  return {
    open(admin, asked, first) {
      let principal = first;
      let stopTimer = (): void => {};
      let output: ReadableStreamDefaultController<Uint8Array> | null = null;
      const encoder = new TextEncoder();

      const listener: Listener = {
        of: `${first.via}:${first.name}`,
        tell(event) {
          if (event === "health") void sendHealth();
          else sendChange(event);
        },
        end() {
          stopTimer();
          remove(listener);
          output?.close();
          output = null;
        },
      };

      function write(text: string): void {
        if (output === null) return;
        if ((output.desiredSize ?? 0) < -MOST_UNREAD) listener.end();
        else output.enqueue(encoder.encode(text));
      }

      function send(event: AdminEvent): void {
        write(`event: ${event.type}\nid: ${gate.snapshot.version}\ndata: ${JSON.stringify(event)}\n\n`);
      }

      /** `*` is told to everybody: it changes what the visitors of every site meet. */
      function sendChange({ version, sites }: { readonly version: number; readonly sites: readonly string[] }): void {
        const seen = sites.filter((site) => site === ALL_SITES || principal.may("view", site));
        if (seen.length > 0) send({ type: "change", version, sites: seen });
      }

      async function sendHealth(): Promise<void> {
        try {
          send({ type: "health", health: await healthView(admin) });
        } catch (error) {
          logger.error(`A stream of events ended: ${messageOf(error)}`);
          listener.end();
        }
      }

      function beat(): void {
        stopTimer = clock.setTimer(() => {
          void admin.access.identify(asked).then((identified) => {
            if (output === null) return;
            if (identified.outcome === "refused") return listener.end();
            principal = identified.principal;
            write(": still here\n\n");
            beat();
          });
        }, HEARTBEAT);
      }

      add(listener);
      return new ReadableStream<Uint8Array>({
        start(controller) {
          output = controller;
          if (asked.request.signal.aborted) return listener.end();
          void sendHealth();
          const { request } = asked;
          const seen = request.headers.get("last-event-id");
          const { version } = gate.snapshot;
          if (seen !== null && seen !== String(version)) send({ type: "change", version, sites: [ALL_SITES] });
          request.signal.addEventListener("abort", listener.end, { once: true });
          beat();
        },
        cancel() {
          output = null;
          listener.end();
        },
      });
    },
    close() {
      closed = true;
      for (const listener of listeners) listener.end();
    },
  };
}

/** Sites that are another in `after`, by id; `*` besides when a group is, for that counts for every site too. */
function changedSites(before: Snapshot, after: Snapshot): readonly string[] {
  const changed = new Set<string>();
  for (const [id, site] of after.sites) if (before.sites.get(id) !== site) changed.add(id);
  for (const id of before.sites.keys()) if (!after.sites.has(id)) changed.add(id);
  if (after.forAll.some(({ id }) => changed.has(id))) changed.add(ALL_SITES);
  return [...changed];
}
