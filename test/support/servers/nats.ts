import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
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

/** Starts a NATS with JetStream. `args` are more of its command line, or, after `--config`, a file below its folder. */
export async function startNats(args: readonly string[] = []): Promise<NatsServer> {
  const port = await freePort();
  const folder = await makeServerFolder("nats");
  const address = `127.0.0.1:${port}`;
  const server = await startServer({
    command: NATS ?? "nats-server",
    args: ["--addr", "127.0.0.1", "--port", String(port), "--jetstream", "--store_dir", folder, ...args],
    folder,
    ready: async () => {
      const connection = await connect({ servers: address, reconnect: false, timeout: 1_000, ...credentialsIn(args) });
      await connection.close();
    },
  });
  return Object.create(server, { port: { value: port }, address: { value: address } });
}

function credentialsIn(args: readonly string[]): { user?: string; pass?: string } {
  const [user, pass] = ["--user", "--pass"].map((name) => args[args.indexOf(name) + 1]);
  return args.includes("--user") && user !== undefined && pass !== undefined ? { user, pass } : {};
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
