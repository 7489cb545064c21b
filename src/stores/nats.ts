import type { NatsConnection } from "@nats-io/transport-node";
import * as v from "valibot";
import { closedObject, validate } from "../validation/validate.ts";
import { type LogOptions, serverEntries } from "./driver/options.ts";
import { requireOneServer } from "./driver/server.ts";
import { sharedConnection } from "./driver/shared-connection.ts";
import { type LogStorage, logStore } from "./log/log.ts";
import { appendToNats } from "./nats/append.ts";
import { natsBucket } from "./nats/bucket.ts";
import { isNatsConnection, type NatsClient, type NatsLink, natsPlaces } from "./nats/client.ts";
import { explainNats } from "./nats/error.ts";
import { examineNats } from "./nats/examine.ts";
import { natsLog } from "./nats/log.ts";
import { natsMembers } from "./nats/members.ts";
import { dropNats, openNats } from "./nats/open.ts";
import { replaceInNats } from "./nats/replace.ts";
import { readNatsHistory, readNatsTail } from "./nats/tail.ts";
import { watchNats } from "./nats/watch.ts";
import type { Store } from "./store.ts";

export type { LogOptions, TimeoutOption } from "./driver/options.ts";
export type { NatsClient } from "./nats/client.ts";

/** Either your own `client`, or a server: `servers`, `connection` or both. */
export interface NatsStoreOptions extends LogOptions {
  /**
   * `HOST:PORT`, or several servers of one cluster.
   * @default "127.0.0.1:4222", if `connection` is set
   */
  readonly servers?: string | readonly string[] | undefined;
  /** Options for `connect` of @nats-io/transport-node, passed on unchanged: `{ user, pass }`, `{ token }`, `{ tls }`. */
  readonly connection?: Readonly<Record<string, unknown>> | undefined;
  /** Your own `NatsConnection` of nats.js 3, instead of `servers`. The store never closes it. */
  readonly client?: NatsClient | undefined;
  /**
   * The bucket of JetStream's key-value store: letters, digits, `-` and `_`. The first process with a gate,
   * or the first change, creates it.
   * @default "maintenance"
   */
  readonly bucket?: string | undefined;
  /**
   * The number of servers of a cluster that keep the bucket.
   * @default 1
   */
  readonly replicas?: 1 | 3 | 5 | undefined;
  /**
   * Milliseconds to wait for an answer before the call rejects with `ERR_STORE_UNAVAILABLE`: 10 to 600,000. Reading all records may
   * take longer, as long as they keep arriving.
   * @default 5_000
   */
  readonly timeout?: number | undefined;
}

const schema = closedObject({
  servers: v.optional(v.union([v.string(), v.pipe(v.array(v.string()), v.nonEmpty())])),
  ...serverEntries,
  client: v.optional(v.custom<NatsConnection>(isNatsConnection, "expected a connection of @nats-io/transport-node")),
  bucket: v.optional(v.pipe(v.string(), v.regex(/^[-\w]+$/, "expected letters, digits, '-' and '_'")), "maintenance"),
  replicas: v.optional(v.picklist([1, 3, 5], "expected 1, 3 or 5"), 1),
});

/**
 * Returns a store that keeps a record per site and a log of changes in a bucket of NATS JetStream. Any number of servers can share it;
 * NATS notifies them of each change. Connects on first use, and creates the bucket with the first write. The driver keeps the process
 * alive until `close()`.
 * @example
 * const store = natsStore({ servers: "nats.example:4222", replicas: 3 });
 * @throws `ERR_INVALID_OPTION` for an option that is unknown or invalid, and for no server or more than one.
 */
export function natsStore(options: NatsStoreOptions): Store {
  const checked = validate(schema, options, "ERR_INVALID_OPTION", "natsStore");
  const { servers, connection: settings, client, bucket: bucketName, replicas, keepChanges, timeout } = checked;
  requireOneServer("natsStore", "server", { address: { servers }, connection: settings }, { client });
  const addresses = [servers ?? "127.0.0.1:4222"].flat();
  const name = `NATS at ${client === undefined ? natsPlaces(addresses) : client.getServer()}`;
  const secrets = [settings.pass, settings.token];
  const connection = sharedConnection<NatsLink>({
    name,
    timeout,
    open: (signal) =>
      openNats({ servers: addresses, connection: settings, timeout, bucket: bucketName }, client, signal),
    isUsable: (link) => !link.connection.isClosed() && !link.connection.isDraining(),
    drop: (link) => void (client || dropNats(link.connection)),
    explain: (error) => explainNats(name, secrets, error),
  });
  const bucket = natsBucket(connection, { name, bucket: bucketName, replicas });
  const log = natsLog(bucket, name);
  const writer = { bucket, log, keepChanges, random: Math.random };

  const storage: LogStorage = {
    name,
    readState: (sites, signal, take) => log.read(sites, signal, take),
    readTail: (version, signal) => readNatsTail(log, version, signal),
    readHistory: (query, signal) => readNatsHistory(log, query, signal),
    append: (draft, mint, signal) => appendToNats(writer, draft, mint, signal),
    replace: (content, over, stampOf, signal) => replaceInNats(writer, content, over, stampOf, signal),
    examine: (signal) => connection.use((link) => examineNats(link, bucketName), signal),
    members: natsMembers(bucket),
    watch: (listener, signal) =>
      watchNats(connection, { name, bucket: bucketName, isWritten: bucket.isWritten }, listener, signal),
    close: () => connection.close(),
  };
  return logStore(storage);
}
