import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { jetstreamManager } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { type ConnectionOptions, connect } from "@nats-io/transport-node";
import { findBinary } from "./find-binary.ts";
import { freePort } from "./free-port.ts";
import { makeServerFolder } from "./server-folder.ts";
import { type RunningServer, startServer } from "./start-server.ts";

export const NATS: string | null = findBinary(["nats-server"]);
export const INSTALL_NATS = "apt-get install nats-server";

export interface NatsServer extends RunningServer {
  readonly port: number;
  /** The address for `natsStore({ servers })`. */
  readonly address: string;
  /** Replaces `config`; resolves when the new one is in effect and JetStream, which is unavailable meanwhile, responds again. */
  reload(config: string): Promise<void>;
}

export interface NatsSettings {
  /** Configuration lines besides addresses and folder. */
  readonly config?: string;
  /** Whether JetStream is enabled. Default: true. */
  readonly jetstream?: boolean;
  /** The user or certificate with which to check that the server is ready. */
  readonly connection?: ConnectionOptions;
}

/** Starts a NATS server. */
export async function startNats({
  config = "",
  jetstream = true,
  connection: options,
}: NatsSettings = {}): Promise<NatsServer> {
  const port = await freePort();
  const monitor = await freePort();
  const folder = await makeServerFolder("nats");
  const address = `127.0.0.1:${port}`;
  const file = join(folder, "nats.conf");
  const store = jetstream ? `jetstream { store_dir: "${folder}" }` : "";
  const write = (own: string): Promise<void> =>
    writeFile(file, `listen: "${address}"\nhttp: "127.0.0.1:${monitor}"\n${store}\n${own}\n`);
  await write(config);
  const server = await startServer({
    command: NATS ?? "nats-server",
    args: ["--config", file],
    folder,
    ready: async () => {
      const connection = await connect({ servers: address, reconnect: false, timeout: 1_000, ...options });
      await connection.close();
    },
  });

  async function loadedAt(): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${monitor}/varz`);
    return ((await response.json()) as { readonly config_load_time: string }).config_load_time;
  }

  async function reload(own: string): Promise<void> {
    const before = await loadedAt();
    await write(own);
    server.signal("SIGHUP");
    while ((await loadedAt()) === before) await sleep(10);
    const client = await connect({ servers: address, timeout: 1_000, ...options });
    try {
      const manager = await jetstreamManager(client, { checkAPI: false });
      while ((await manager.getAccountInfo().catch(() => null)) === null) await sleep(10);
    } finally {
      await client.close();
    }
  }

  return Object.create(server, { port: { value: port }, address: { value: address }, reload: { value: reload } });
}

/** Removes a bucket directly, without the store. */
export async function removeBucket(address: string, bucket: string): Promise<void> {
  const connection = await connect({ servers: address, reconnect: false });
  try {
    const { streams } = await jetstreamManager(connection);
    for await (const name of streams.names()) if (name === `KV_${bucket}`) await streams.delete(name);
  } finally {
    await connection.close();
  }
}

/**
 * Creates an empty bucket, which is a state that was never written. Concurrent first writers then need not create it: NATS 2.9 may crash
 * when two of them do so at the same moment.
 */
export async function makeBucket(address: string, bucket: string): Promise<void> {
  const connection = await connect({ servers: address, reconnect: false });
  try {
    await new Kvm(connection).create(bucket, { allow_direct: false });
  } finally {
    await connection.close();
  }
}
