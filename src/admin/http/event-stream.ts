import { messageOf } from "../../errors.ts";
import { ALL_SITES } from "../../state/site-record.ts";
import type { AdminRequest } from "../access/access.ts";
import type { Principal } from "../access/principal.ts";
import type { AdminContext } from "../admin-context.ts";
import type { AdminEvent } from "../schema/responses.ts";
import { healthView } from "../views/health-view.ts";

/** One open stream. */
export interface EventReader {
  tellHealth(): void;
  /** Sends an event about those of `sites` that the caller may see. */
  tellChange(version: number, sites: readonly string[]): void;
  /** Idempotent. */
  end(): void;
}

export interface ReaderListener {
  began(reader: EventReader): void;
  /** Called when a reader ends, possibly more than once. */
  ended(reader: EventReader): void;
}

const HEARTBEAT_MS = 20_000;
/** Number of unread events after which a stream ends. */
const MAX_UNREAD = 200;

/** Opens a stream of server-sent events. It ends with the request, when the caller loses its rights, or by `end`. */
export function openEventStream(
  admin: AdminContext,
  asked: AdminRequest,
  first: Principal,
  listener: ReaderListener,
): ReadableStream<Uint8Array> {
  const { gate, access } = admin;
  const { clock, logger } = gate.options;
  const { request } = asked;
  const encoder = new TextEncoder();
  let principal = first;
  let output: ReadableStreamDefaultController<Uint8Array> | null = null;
  let stopTimer = (): void => {};

  const reader: EventReader = {
    tellHealth() {
      healthView(admin, principal).then(
        (health) => send({ type: "health", health }),
        (error: unknown) => {
          logger.error(`An event stream failed: ${messageOf(error)}`);
          reader.end();
        },
      );
    },
    tellChange(version, sites) {
      // `*` changes the mode that visitors of every site get.
      const seen = sites.filter((site) => site === ALL_SITES || principal.may("view", site));
      if (seen.length > 0) send({ type: "change", version, sites: seen });
    },
    end() {
      stopTimer();
      request.signal.removeEventListener("abort", reader.end);
      listener.ended(reader);
      output?.close();
      output = null;
    },
  };

  function send(event: AdminEvent): void {
    write(`event: ${event.type}\nid: ${gate.snapshot.version}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  function write(text: string): void {
    if (output === null) return;
    if ((output.desiredSize ?? 0) < -MAX_UNREAD) reader.end();
    else output.enqueue(encoder.encode(text));
  }

  /** Keeps proxies from closing the stream, and ends it when the caller is no longer accepted. */
  async function beat(): Promise<void> {
    const identified = await access.identify(asked);
    if (output === null) return;
    if (identified.outcome === "refused") return reader.end();
    principal = identified.principal;
    write(": still here\n\n");
    setTimer();
  }

  function setTimer(): void {
    stopTimer = clock.setTimer(() => void beat(), HEARTBEAT_MS);
  }

  return new ReadableStream<Uint8Array>({
    start(controller) {
      output = controller;
      listener.began(reader);
      if (request.signal.aborted) return reader.end();
      request.signal.addEventListener("abort", reader.end);
      reader.tellHealth();
      const seen = request.headers.get("last-event-id");
      if (seen !== null && seen !== String(gate.snapshot.version))
        reader.tellChange(gate.snapshot.version, [ALL_SITES]);
      setTimer();
    },
    cancel() {
      output = null;
      reader.end();
    },
  });
}
