import type { JsMsg } from "@nats-io/jetstream";
import { MaintenanceError } from "../../errors.ts";
import type { SharedConnection } from "../driver/shared-connection.ts";
import type { NatsLink } from "./client.ts";

export interface NatsRange {
  /** Of the store, for messages. */
  readonly name: string;
  readonly stream: string;
  /** Of the subjects of all keys. */
  readonly prefix: string;
  /** Of keys, with a wildcard. */
  readonly filter: string;
  /** The revision of the newest message, as the server that leads the bucket knows it; 0: there is none. */
  newest(link: NatsLink, subject: string): Promise<number>;
}

/** Milliseconds without news after which the leader is asked again: what was to come may have been purged. */
const QUIET = 500;

interface Message {
  readonly revision: number;
  /** `null`: removed. */
  readonly text: string | null;
}

/**
 * The newest text of each key, sent by the server in one go. It may be another server of the cluster than the leader, and behind:
 * it is complete once it has come as far as what the leader holds by then. It may take as long as it does, but each part of it only
 * the timeout.
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
      // The server would keep it for minutes.
      consumer.delete().catch(() => {});
    });
    if (ending.aborted) messages.stop();
    return messages;
  }, signal);

  function take(message: JsMsg): void {
    const { seq: revision, headers } = message;
    const key = message.subject.slice(prefix.length);
    // What is sent again after a loss may come from a server that is further behind.
    if (revision < (newestByKey.get(key)?.revision ?? 0)) return;
    newestByKey.set(key, { revision, text: headers?.has("KV-Operation") ? null : message.string() });
    reached = Math.max(reached, revision);
    wake();
  }

  /** Returns when something new has come. */
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
      // Not while more is coming: the answer would queue behind it.
      if (reached === before || reached >= wanted) wanted = await newest(link, subject);
    } while (reached === before && reached < wanted && !ending.aborted);
  }

  try {
    while (reached < wanted) await connection.use(goOn, signal);
  } finally {
    sending.stop();
  }
  return new Map([...newestByKey].flatMap(([key, { text }]) => (text === null ? [] : [[key, text] as const])));
}
