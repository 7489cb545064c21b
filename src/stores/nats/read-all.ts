import type { JsMsg } from "@nats-io/jetstream";
import { MaintenanceError } from "../../errors.ts";
import { inTurns, nextTurn } from "../../turn.ts";
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

/** Milliseconds without a message after which the leader is asked again: the expected messages may have been purged. */
const QUIET = 500;

interface Message {
  readonly revision: number;
  /** `null` if the key was removed. */
  readonly text: string | null;
}

/**
 * Returns the newest text of each key, in one stream of messages. The stream may come from a server that is behind the leader: it is
 * complete once it has reached the revision that the leader has. The whole may take longer than the timeout, which applies to the time
 * between two messages.
 */
export async function readAllOfNats(
  connection: SharedConnection<NatsLink>,
  { name, stream, prefix, filter, newest }: NatsRange,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const subject = prefix + filter;
  const newestByKey = new Map<string, Message>();
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
    const { seq: revision, headers } = message;
    const key = message.subject.slice(prefix.length);
    // Messages that are sent again after a loss may come from a server that is further behind.
    if (revision < (newestByKey.get(key)?.revision ?? 0)) return;
    newestByKey.set(key, { revision, text: headers?.has("KV-Operation") ? null : message.string() });
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
  const texts = new Map<string, string>();
  for await (const slice of inTurns(newestByKey, () => 1, { nextTurn })) {
    for (const [key, { text }] of slice) if (text !== null) texts.set(key, text);
  }
  return texts;
}
