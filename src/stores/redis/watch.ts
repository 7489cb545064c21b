import { withinDeadline } from "../../deadline.ts";
import { type SharedConnection, untilLost } from "../driver/shared-connection.ts";
import type { MessageListener } from "../log/log.ts";
import type { RedisConnection, RedisSubscription } from "./client.ts";

export interface RedisChannel {
  /** Name of the store, for messages. */
  readonly name: string;
  readonly channel: string;
  /** Milliseconds between two checks that the server answers, and time limit of the answer. */
  readonly timeout: number;
  /** Turns the error of a driver into the error for the user. */
  explain(error: unknown): Error;
}

/** As `Store.watch`. A broken network sends no error on a subscription: the server is checked at an interval. */
export async function watchRedis(
  connection: SharedConnection<RedisConnection>,
  { name, channel, timeout, explain }: RedisChannel,
  listener: MessageListener,
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

/** A separate function, because the compiler does not see assignments in callbacks. */
function endOf(subscription: RedisSubscription | null): void {
  subscription?.drop();
}
