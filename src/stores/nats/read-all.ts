import type { JsMsg } from "@nats-io/jetstream";
import { MaintenanceError } from "../../errors.ts";
import type { SharedConnection } from "../driver/shared-connection.ts";
import type { NatsLink } from "./client.ts";
import type { NatsValue } from "./values.ts";

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

/** Milliseconds without a message after which the leader is asked again: the expected messages may have been purged. */
const QUIET = 500;

/**
 * Returns the newest value of each key, in one stream of messages. The stream may come from a server that is behind the leader: it is
 * complete once it has reached the revision that the leader has. The whole may take longer than the timeout, which applies to the time
 * between two messages.
 */
export async function readAllOfNats(
  connection: SharedConnection<NatsLink>,
  { name, stream, prefix, filter, newest }: NatsRange,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, NatsValue>> {
  const subject = prefix + filter;
  const newestByKey = new Map<string, NatsValue>();
  const removed = new Set<string>();
  let wanted = await connection.use((link) => newest(link, subject), signal);
  if (wanted === 0) return new Map();
  let reached = 0;
  let isOver = false;
  let wake: () => void = () => {};

  const sending = await connection.use(async ({ manager }, ending) => {
    const options = { filter_subjects: subject, deliver_policy: "last_per_subject" } as const;
    const consumer = await manager.jetstream().consumers.getPushConsumer(stream, options);
    const messages = await consumer.consume({ callback: take });
    void messages.closed().then(() => {
      isOver = true;
      wake();
      // Otherwise the server would keep the consumer for minutes.
      consumer.delete().catch(() => {});
    });
    if (ending.aborted) messages.stop();
    return messages;
  }, signal);

  function take(message: JsMsg): void {
    const { seq: revision, headers, info } = message;
    const key = message.subject.slice(prefix.length);
    // Messages that are sent again after a loss may come from a server that is further behind.
    if (revision < (newestByKey.get(key)?.revision ?? 0)) return;
    const created = Math.floor(info.timestampNanos / 1e6);
    newestByKey.set(key, { text: message.string(), revision, created });
    if (headers?.has("KV-Operation")) removed.add(key);
    else removed.delete(key);
    reached = Math.max(reached, revision);
    wake();
  }

  /** Resolves when a new message has arrived. */
  async function goOn(link: NatsLink, ending: AbortSignal): Promise<void> {
    const before = reached;
    do {
      if (isOver)
        throw new MaintenanceError("ERR_STORE_UNAVAILABLE", `${name}: the connection was lost while reading.`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, QUIET);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (isOver || reached >= wanted) wake();
      });
      // Not while messages are arriving: the response would be queued behind them.
      if (reached === before || reached >= wanted) wanted = await newest(link, subject);
    } while (reached === before && reached < wanted && !ending.aborted);
  }

  try {
    while (reached < wanted) await connection.use(goOn, signal);
  } finally {
    sending.stop();
  }
  for (const key of removed) newestByKey.delete(key);
  return newestByKey;
}
