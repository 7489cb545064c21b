import { withinDeadline } from "../../deadline.ts";
import { MaintenanceError } from "../../errors.ts";
import { untilLost } from "../driver/shared-connection.ts";
import type { MessageListener } from "../log/log.ts";
import type { PostgresClient } from "./pool.ts";

export interface PostgresChannel {
  /** Name of the database, for messages. */
  readonly name: string;
  readonly channel: string;
  /** Milliseconds that the server may take to answer. */
  readonly timeout: number;
  /** Milliseconds between two checks that the connection is alive. */
  readonly heartbeat: number;
}

/**
 * Listens on a connection of its own and closes it afterwards. Calls `listener` at once, and with the payload of each notification. Resolves when the
 * signal aborts; rejects when the connection is lost. A broken network sends no error, hence the heartbeat.
 */
export async function watchPostgres(
  connect: () => Promise<PostgresClient>,
  { name, channel, timeout, heartbeat }: PostgresChannel,
  listener: MessageListener,
  signal: AbortSignal,
): Promise<void> {
  const connecting = connect();
  const client = await withinDeadline({ name, milliseconds: timeout, signal }, () => connecting).catch(
    (error: unknown) => {
      connecting.then(
        (late) => late.release(),
        () => {},
      );
      throw error;
    },
  );
  const ask = (sql: string): Promise<unknown> =>
    withinDeadline({ name, milliseconds: timeout, signal }, () => client.query(sql));
  const lost = new Promise<never>((_, reject) => {
    client.on("error", reject);
    client.on("end", () => reject(new MaintenanceError("ERR_STORE_UNAVAILABLE", `${name} ended the connection.`)));
  });
  lost.catch(() => {});
  try {
    client.on("notification", (notification) => {
      if (!signal.aborted) listener(payloadOf(notification));
    });
    await ask(`listen "${channel}"`);
    // Listening alone does not keep the process alive.
    client.unref?.();
    listener();
    await untilLost(lost, heartbeat, () => ask("select 1"), signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    client.release(true);
  }
}

function payloadOf(notification: unknown): string | undefined {
  const { payload } = Object(notification);
  return typeof payload === "string" ? payload : undefined;
}
