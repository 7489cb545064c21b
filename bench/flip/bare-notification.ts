import { watch } from "node:fs";
import { basename, dirname } from "node:path";
import type { Place } from "./places.ts";

/** Calls `listener` for each notification of the platform or the driver, without reading the state. */
type Listen = (options: Readonly<Record<string, string>>, listener: () => void) => Promise<void>;

/** The notification of each store. Other stores send none and are polled. */
const NOTIFICATIONS: Readonly<Record<string, readonly [name: string, listen: Listen]>> = {
  file: [
    "fs.watch",
    async ({ path = "" }, listener) => {
      watch(dirname(path), (_type, name) => name === basename(path) && listener());
    },
  ],
  postgres: [
    "LISTEN",
    async ({ url = "" }, listener) => {
      const { default: pg } = await import("pg");
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      client.on("notification", listener);
      await client.query('listen "maintenance_changes"');
    },
  ],
  redis: [
    "SUBSCRIBE",
    async ({ url = "" }, listener) => {
      const { createClient } = await import("redis");
      const client = createClient({ url });
      await client.connect();
      await client.subscribe("{maintenance:}changed", () => listener());
    },
  ],
  nats: [
    "watch",
    async ({ servers = "" }, listener) => {
      const [{ Kvm }, { connect }] = await Promise.all([import("@nats-io/kv"), import("@nats-io/transport-node")]);
      const kv = await new Kvm(await connect({ servers })).open("maintenance");
      const changes = await kv.watch({ key: "*.change.*", include: "updates", headers_only: true });
      void (async () => {
        for await (const _ of changes) listener();
      })();
    },
  ],
};

/** The name of the notification; `null` if the store is polled. */
export const bareNotificationOf = (store: string): string | null => NOTIFICATIONS[store]?.[0] ?? null;

export async function listenBare({ store, options }: Place, listener: () => void): Promise<void> {
  await NOTIFICATIONS[store]?.[1](options as Readonly<Record<string, string>>, listener);
}
