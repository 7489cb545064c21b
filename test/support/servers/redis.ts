import { createClient } from "redis";
import { findBinary } from "./find-binary.ts";
import { freePort } from "./free-port.ts";
import { makeServerFolder } from "./server-folder.ts";
import { type RunningServer, startServer } from "./start-server.ts";

export const REDIS: string | null = findBinary(["redis-server", "valkey-server"]);
export const INSTALL_REDIS = "apt-get install redis-server";

export interface RedisServer extends RunningServer {
  readonly port: number;
  readonly url: string;
  /** Runs one command on a connection of its own, as an operator would. */
  command(...args: readonly string[]): Promise<unknown>;
}

/** Starts a Redis that writes every change to disk before it replies. `settings` are directives of redis.conf. */
export async function startRedis(settings: Readonly<Record<string, string>> = {}): Promise<RedisServer> {
  const port = await freePort();
  const folder = await makeServerFolder("redis");
  const all = {
    appendonly: "yes",
    appendfsync: "always",
    save: "",
    port: String(port),
    bind: "127.0.0.1",
    ...settings,
  };
  const auth = settings.requirepass === undefined ? "" : `:${encodeURIComponent(settings.requirepass)}@`;
  const url = `redis://${auth}127.0.0.1:${port}`;

  async function command(...args: readonly string[]): Promise<unknown> {
    const client = createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy: false } });
    client.on("error", () => {});
    await client.connect();
    try {
      return await client.sendCommand(args);
    } finally {
      client.destroy();
    }
  }

  const server = await startServer({
    command: REDIS ?? "redis-server",
    args: Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]),
    folder,
    // Redis refuses `PING` while it loads its data.
    ready: async () => void (await command("PING")),
  });
  return Object.create(server, { port: { value: port }, url: { value: url }, command: { value: command } });
}
