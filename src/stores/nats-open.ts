import type { NatsConnection } from "@nats-io/transport-node";
import type { NatsLink } from "./nats-client.ts";
import { loadDriver } from "./sql/load-driver.ts";

export interface NatsAddress {
  readonly servers: readonly string[];
  /** As `connect` of @nats-io/transport-node takes it. */
  readonly connection: Readonly<Record<string, unknown>>;
  /** Milliseconds for an answer. */
  readonly timeout: number;
}

/** It does not connect again by itself: that would be done behind the back of whoever waits. */
export async function openNats(
  { servers, connection, timeout }: NatsAddress,
  signal: AbortSignal,
): Promise<NatsConnection> {
  const { connect } = await loadDriver("natsStore", "@nats-io/transport-node", () => import("@nats-io/transport-node"));
  const opened = await connect({
    timeout,
    // What swallows everything is given up, also where nobody is waiting for an answer.
    pingInterval: timeout,
    maxPingOut: 2,
    ...connection,
    servers: [...servers],
    reconnect: false,
  });
  if (!signal.aborted) return opened;
  dropNats(opened);
  throw signal.reason;
}

/** What is reached through a connection, be it ours or the user's own. Asks the server nothing. */
export async function linkNats(connection: NatsConnection, bucket: string, timeout: number): Promise<NatsLink> {
  const { jetstream, jetstreamManager } = await loadDriver(
    "natsStore",
    "@nats-io/jetstream",
    () => import("@nats-io/jetstream"),
  );
  const { Kvm } = await loadDriver("natsStore", "@nats-io/kv", () => import("@nats-io/kv"));
  const kvm = new Kvm(jetstream(connection, { timeout }));
  const manager = await jetstreamManager(connection, { timeout, checkAPI: false });
  return { connection, kvm, manager, kv: await kvm.open(bucket) };
}

/** At once: what is under way rejects. */
export function dropNats(connection: NatsConnection): void {
  connection.close().catch(() => {});
}
