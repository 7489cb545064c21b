import type { Consumer, JsMsg } from "@nats-io/jetstream";
import { systemClock } from "../../clock.ts";
import { setDeadline } from "../../deadline.ts";
import { MaintenanceError } from "../../errors.ts";
import type { SharedConnection } from "../driver/shared-connection.ts";
import type { NatsLink } from "./client.ts";

export interface NatsRange {
  /** Name of the store, for messages. */
  readonly name: string;
  readonly stream: string;
  /** Prefix of the subjects of all keys. */
  readonly prefix: string;
  /** Keys, with a wildcard. */
  readonly filter: string;
  /** Returns the revision of the newest message according to the server that leads the bucket; 0 if there is none. */
  newest(link: NatsLink, subject: string): Promise<number>;
}

/** The value of a key, as of one message. */
export interface NatsMessage {
  readonly key: string;
  /** `null` if the key was removed. */
  readonly text: string | null;
  readonly revision: number;
  /** When the leader has written it, in epoch milliseconds. */
  readonly created: number;
}

interface Source {
  readonly link: NatsLink;
  readonly consumer: Consumer;
  /** The number of messages that the server has for it. */
  pending: number;
  /** The number of messages that it has sent. */
  delivered: number;
}

/** Messages per request: the client reads as many without a pause of the event loop that would be noticed. */
const PAGE = 256;
/** Milliseconds without a message after which the leader is asked again: the expected messages may have been purged. */
const QUIET = 500;
/** Nanoseconds after which the server removes the consumer of a reader that has gone. */
const ABANDONED = 60_000_000_000;

/**
 * Passes the newest message of each key to `take`, in parts and in the order of the revisions. The messages may come from a server that is
 * behind the leader: they are complete once they have reached the revision that the leader has. The whole may take longer than the
 * timeout, which applies to each part.
 */
export async function readAllOfNats(
  connection: SharedConnection<NatsLink>,
  { name, stream, prefix, filter, newest }: NatsRange,
  take: (part: readonly NatsMessage[]) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const subject = prefix + filter;
  let wanted = await connection.use((link) => newest(link, subject), signal);
  let reached = 0;
  let source: Source | null = null;

  const lost = (): MaintenanceError =>
    new MaintenanceError("ERR_STORE_UNAVAILABLE", `${name}: the connection was lost while reading.`);

  const readPage = (): Promise<readonly NatsMessage[]> =>
    connection.use(async (link, ending) => {
      let messages: readonly JsMsg[] = [];
      while (messages.length === 0 && reached < wanted && !ending.aborted) {
        source ??= await openSource(link, stream, subject, reached);
        const { consumer, pending, delivered } = source;
        if (source.link !== link) throw lost();
        const count = Math.max(1, Math.min(pending, PAGE));
        messages = await fetchMessages(consumer, count, ending);
        if (link.connection.isClosed()) throw lost();
        if (messages.some(({ info }, index) => info.deliverySequence !== delivered + index + 1)) throw lost();
        const last = messages.at(-1);
        reached = last?.seq ?? reached;
        if (messages.length === count) {
          source.pending = last?.info.pending ?? 0;
          source.delivered += count;
        } else {
          // What still arrives for an abandoned request does not come again.
          source = abandon(source);
          wanted = await newest(link, subject);
        }
      }
      return messages.map(toMessage);
    }, signal);

  const toMessage = (message: JsMsg): NatsMessage => ({
    key: message.subject.slice(prefix.length),
    text: message.headers?.has("KV-Operation") ? null : message.string(),
    revision: message.seq,
    created: Math.floor(message.info.timestampNanos / 1e6),
  });

  try {
    let page = await readPage();
    while (page.length > 0) {
      // The server sends the next page meanwhile.
      [page] = await Promise.all([readPage(), take(page)]);
    }
  } finally {
    abandon(source);
  }
}

/** Opens a source of the newest message of each key after the revision `after`. */
async function openSource(link: NatsLink, stream: string, subject: string, after: number): Promise<Source> {
  const { manager } = link;
  const start =
    after === 0
      ? ({ deliver_policy: "last_per_subject" } as const)
      : ({ deliver_policy: "by_start_sequence", opt_start_seq: after + 1 } as const);
  const info = await manager.consumers.add(stream, {
    // The permissions name the stream and the subject: the server takes them from the request of a consumer with a name.
    name: crypto.randomUUID(),
    filter_subject: subject,
    ...start,
    ack_policy: "none",
    inactive_threshold: ABANDONED,
    mem_storage: true,
    num_replicas: 1,
  });
  const consumer = manager.jetstream().consumers.getConsumerFromInfo(info);
  return { link, consumer, pending: info.num_pending, delivered: 0 };
}

/** Otherwise the server would keep the consumer for a while. */
function abandon(source: Source | null): null {
  source?.consumer.delete().catch(() => {});
  return null;
}

/** Returns `count` messages, or fewer if no more arrive. */
async function fetchMessages(consumer: Consumer, count: number, ending: AbortSignal): Promise<readonly JsMsg[]> {
  const found: JsMsg[] = [];
  const messages = await consumer.fetch({ max_messages: count });
  const stop = (): void => messages.stop();
  ending.addEventListener("abort", stop, { once: true });
  let cancel = setDeadline(systemClock, stop, QUIET);
  try {
    for await (const message of messages) {
      found.push(message);
      if (found.length === count) break;
      cancel();
      cancel = setDeadline(systemClock, stop, QUIET);
    }
  } finally {
    cancel();
    ending.removeEventListener("abort", stop);
  }
  return found;
}
