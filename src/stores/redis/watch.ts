import { withinDeadline } from "../../deadline.ts";
import { type SharedConnection, untilLost } from "../driver/shared-connection.ts";
import type { RedisConnection, RedisSubscription } from "./client.ts";

export interface RedisChannel {
  /** Of the store, for messages. */
  readonly name: string;
  readonly channel: string;
  /** Milliseconds from one look whether the server still answers to the next, and that it may take for its answer. */
  readonly timeout: number;
  /** What a driver's error means. */
  explain(error: unknown): Error;
}

/** As `Store.watch`. A subscription is silent when the network swallows everything: the server is asked now and then. */
export async function watchRedis(
  connection: SharedConnection<RedisConnection>,
  { name, channel, timeout, explain }: RedisChannel,
  listener: () => void,
  signal: AbortSignal,
): Promise<void> {
  let lose: (error: Error) => void = () => {};
  const lost = new Promise<never>((_, reject) => {
    lose = (error) => reject(explain(error));
  });
  lost.catch(() => {});
  let subscription: RedisSubscription | null = null;
  try {
    const { ping } = await connection.use(async (client, ending) => {
      const subscribed = await client.subscribe(channel, listener, lose);
      if (ending.aborted) subscribed.drop();
      subscription = subscribed;
      return subscribed;
    }, signal);
    listener();
    await untilLost(lost, timeout, () => withinDeadline({ name, milliseconds: timeout, signal }, ping), signal);
  } catch (error) {
    if (!signal.aborted) throw explain(error);
  } finally {
    endOf(subscription);
  }
}

/** By a function of its own: the compiler does not see that a callback assigns. */
function endOf(subscription: RedisSubscription | null): void {
  subscription?.drop();
}
