import { writeFile } from "node:fs/promises";
import { join } from "node:path";
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
  /** For `natsStore({ servers })`. */
  readonly address: string;
}

export interface NatsSettings {
  /** What its configuration file says beside address and folder. */
  readonly config?: string;
  /** Default: true. */
  readonly jetstream?: boolean;
  /** With what `connect` asks whether it is there: user, certificate. */
  readonly connection?: ConnectionOptions;
}

/** Starts a NATS with JetStream. */
export async function startNats({
  config = "",
  jetstream = true,
  connection: options,
}: NatsSettings = {}): Promise<NatsServer> {
  const port = await freePort();
  const folder = await makeServerFolder("nats");
  const address = `127.0.0.1:${port}`;
  const file = join(folder, "nats.conf");
  const store = jetstream ? `jetstream { store_dir: "${folder}" }` : "";
  await writeFile(file, `listen: "${address}"\n${store}\n${config}\n`);
  const server = await startServer({
    command: NATS ?? "nats-server",
    args: ["--config", file],
    folder,
    ready: async () => {
      const connection = await connect({ servers: address, reconnect: false, timeout: 1_000, ...options });
      await connection.close();
    },
  });
  return Object.create(server, { port: { value: port }, address: { value: address } });
}

/** Behind the store's back. */
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
 * Makes a bucket with nothing in it. That is a state which was never written, and keeps writers that are the first at once from
 * making it: NATS 2.9 may crash when two do so in the same moment.
 */
export async function makeBucket(address: string, bucket: string): Promise<void> {
  const connection = await connect({ servers: address, reconnect: false });
  try {
    await new Kvm(connection).create(bucket, { allow_direct: false });
  } finally {
    await connection.close();
  }
}
