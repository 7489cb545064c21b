import { systemClock } from "../clock.ts";
import { MaintenanceError } from "../errors.ts";
import type { PostgresClient } from "./postgres-pool.ts";
import { withinDeadline } from "./within-deadline.ts";

export interface Listening {
  /** Of the database, for messages. */
  readonly name: string;
  readonly channel: string;
  /** Milliseconds that the server may take to answer. */
  readonly timeout: number;
  /** Milliseconds between two questions whether the connection is still alive. */
  readonly heartbeat: number;
}

/**
 * Listens on a connection of its own, which is ended afterwards. Calls `listener` at once, and with each notification. Resolves when
 * the signal aborts; rejects when the connection is lost, which a broken network does not tell: hence the heartbeat.
 */
export async function untilLost(
  connect: () => Promise<PostgresClient>,
  { name, channel, timeout, heartbeat }: Listening,
  listener: () => void,
  signal: AbortSignal,
): Promise<void> {
  const connecting = connect();
  const client = await withinDeadline(name, timeout, signal, () => connecting).catch((error: unknown) => {
    connecting.then(
      (late) => late.release(),
      () => {},
    );
    throw error;
  });
  const ask = (sql: string): Promise<unknown> => withinDeadline(name, timeout, signal, () => client.query(sql));
  const lost = new Promise<never>((_, reject) => {
    client.on("error", reject);
    client.on("end", () => reject(new MaintenanceError("ERR_STORE_UNAVAILABLE", `${name} ended the connection.`)));
  });
  lost.catch(() => {});
  let cancelBeat = (): void => {};
  const beat = async (): Promise<void> => {
    for (;;) {
      await new Promise<void>((resolve) => {
        cancelBeat = systemClock.setTimer(resolve, heartbeat);
      });
      await ask("select 1");
    }
  };
  const ended = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  try {
    client.on("notification", () => {
      if (!signal.aborted) listener();
    });
    await ask(`listen "${channel}"`);
    // To listen is no reason for a process to go on.
    client.unref?.();
    listener();
    await Promise.race([beat(), lost, ended]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    cancelBeat();
    client.release(true);
  }
}
