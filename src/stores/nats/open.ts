import type { NatsConnection } from "@nats-io/transport-node";
import { driverTimeout, loadDriver } from "../driver/load.ts";
import type { NatsLink } from "./client.ts";

const PACKAGES = {
  "@nats-io/transport-node": () => import("@nats-io/transport-node"),
  "@nats-io/jetstream": () => import("@nats-io/jetstream"),
  "@nats-io/kv": () => import("@nats-io/kv"),
} as const;

export interface NatsAddress {
  readonly servers: readonly string[];
  /** Options for `connect` of @nats-io/transport-node. */
  readonly connection: Readonly<Record<string, unknown>>;
  /** Milliseconds to wait for an answer. */
  readonly timeout: number;
  readonly bucket: string;
}

/** Opens a connection, or uses the user's client. Sends nothing to JetStream yet. Throws `ERR_DRIVER_MISSING`. */
export async function openNats(
  { servers, connection, timeout, bucket }: NatsAddress,
  client: NatsConnection | undefined,
  signal: AbortSignal,
): Promise<NatsLink> {
  const { jetstream, jetstreamManager } = await load("@nats-io/jetstream");
  const { Kvm } = await load("@nats-io/kv");
  const opened = client ?? (await connect());
  try {
    const kvm = new Kvm(jetstream(opened, { timeout: driverTimeout(timeout) }));
    const manager = await jetstreamManager(opened, { timeout: driverTimeout(timeout), checkAPI: false });
    const link = { connection: opened, kvm, manager, kv: await kvm.open(bucket) };
    signal.throwIfAborted();
    return link;
  } catch (error) {
    if (client === undefined) dropNats(opened);
    throw error;
  }

  /** Auto-reconnect is disabled: a buffered command would be sent after its caller has timed out. */
  async function connect(): Promise<NatsConnection> {
    const transport = await load("@nats-io/transport-node");
    return transport.connect({
      timeout: driverTimeout(timeout),
      // Close a connection whose packets are dropped silently, even if no caller is waiting for an answer.
      pingInterval: timeout,
      maxPingOut: 2,
      ...connection,
      servers: [...servers],
      reconnect: false,
    });
  }
}

/** Closes the connection at once: calls that are under way reject. */
export function dropNats(connection: NatsConnection): void {
  connection.close().catch(() => {});
}

function load<Name extends keyof typeof PACKAGES>(name: Name): ReturnType<(typeof PACKAGES)[Name]>;
function load(name: keyof typeof PACKAGES): Promise<unknown> {
  const { [name]: driver, ...others } = PACKAGES;
  return loadDriver<unknown>("natsStore", name, driver, { others });
}
