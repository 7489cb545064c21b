import * as v from "valibot";
import { MaintenanceError } from "../errors.ts";
import { closedObject, validate } from "../validation/validate.ts";
import { type LogOptions, serverEntries } from "./driver/options.ts";
import { requireOneServer, serverAddress } from "./driver/server.ts";
import { sharedConnection } from "./driver/shared-connection.ts";
import { serializeChange } from "./log/change.ts";
import { type LogStorage, logStore } from "./log/log.ts";
import { changeMessage } from "./log/message.ts";
import {
  connectionOf,
  isIoRedis,
  isNodeRedis,
  type RedisClient,
  type RedisClientOptions,
  type RedisConnection,
} from "./redis/client.ts";
import { explainRedis } from "./redis/error.ts";
import { examineRedis } from "./redis/examine.ts";
import { redisMembers } from "./redis/members.ts";
import { openRedis } from "./redis/open.ts";
import { writeAside } from "./redis/replace.ts";
import { readEntries, readList, readRecords, readText, readVersion, writeRow } from "./redis/reply.ts";
import { COMMIT, READ_HISTORY, READ_STATE, READ_TAIL, REPLACE, scriptRunner } from "./redis/scripts.ts";
import { watchRedis } from "./redis/watch.ts";
import type { StateChange, Store } from "./store.ts";

export type { LogOptions, TimeoutOption } from "./driver/options.ts";
export type { IoRedisClient, NodeRedisClient, RedisClient, RedisClientOptions } from "./redis/client.ts";

/** Either your own `client`, or a server: `url`, `connection` or both. */
export interface RedisStoreOptions extends LogOptions {
  /** `redis://USER:PASSWORD@HOST:PORT/DATABASE`, or `rediss://` for TLS. */
  readonly url?: string | undefined;
  /** Options for the driver, passed on unchanged: `{ socket: { ca } }` for node-redis, `{ tls: { ca } }` for ioredis. */
  readonly connection?: Readonly<Record<string, unknown>> | undefined;
  /** Your own client of node-redis 4 to 6 or ioredis 5, instead of `url`. The store never closes it. */
  readonly client?: RedisClient | undefined;
  /**
   * Prefix of all keys and of the channel. The store puts it in braces, a hash tag: `{maintenance:}head`.
   * @default "maintenance:"
   */
  readonly prefix?: string | undefined;
}

const schema = closedObject({
  url: v.optional(v.string()),
  ...serverEntries,
  client: v.optional(
    v.custom<RedisClient>(
      (value) => isNodeRedis(Object(value)) || isIoRedis(Object(value)),
      "expected a client of node-redis or ioredis",
    ),
  ),
  prefix: v.optional(
    v.pipe(v.string(), v.regex(/^[^\s{}]*(\{[^\s{}]+\}|[^\s{}])[^\s{}]*$/, "expected a prefix such as 'maintenance:'")),
    "maintenance:",
  ),
});

const PROTOCOLS = ["redis:", "rediss:"] as const;
/** Reading more changes than this costs more than a reload. */
const MAX_CHANGES = 500;
/** Changes per read while a history is searched for one site. */
const PAGE_SIZE = 500;

/**
 * Returns a store that keeps a record per site and a stream of changes in Redis or Valkey. Any number of servers can share it; Redis
 * notifies them of each change. Connects on first use, and writes nothing before the first change.
 * @example
 * const store = redisStore({ url: process.env.REDIS_URL });
 * @throws `ERR_INVALID_OPTION` for an option that is unknown or invalid, and for no server or more than one.
 */
export function redisStore(options: RedisStoreOptions): Store {
  const checked = validate(schema, options, "ERR_INVALID_OPTION", "redisStore");
  const { url, connection: settings, client, keepChanges, timeout } = checked;
  requireOneServer("redisStore", "server", { address: { url }, connection: settings }, { client });
  const { socket, ...rest }: RedisClientOptions = client?.options ?? settings;
  const { place, secrets } = serverAddress(
    "redisStore",
    url,
    { ...rest, ...socket },
    { protocols: PROTOCOLS, port: 6379 },
  );
  const name = `Redis at ${place}`;
  // The braces are a hash tag, which keeps all keys on one server of a cluster.
  const prefix = checked.prefix.includes("{") ? checked.prefix : `{${checked.prefix}}`;
  const keys = [`${prefix}head`, `${prefix}sites`, `${prefix}changes`];
  const channel = `${prefix}changed`;
  const explain = (error: unknown): MaintenanceError => explainRedis(name, secrets, error);
  const runScript = scriptRunner();
  const connection = sharedConnection<RedisConnection>({
    name,
    timeout,
    open: (signal) => (client ? takeClient(client) : openRedis({ url, connection: settings, timeout }, signal)),
    isUsable: (opened) => opened.isUsable(),
    drop: (opened) => void (client || opened.drop()),
    hold: (opened, isUsed) => void (client || opened.hold(isUsed)),
    explain,
  });
  const run = (script: string, args: readonly (string | number)[], signal?: AbortSignal): Promise<unknown> =>
    connection.use((opened) => runScript(opened, script, keys, args), signal);

  const runMembers =
    (opened: RedisConnection) =>
    (script: string, args: readonly (string | number)[]): Promise<unknown> =>
      runScript(opened, script, [`${prefix}members`], args);

  const storage: LogStorage = {
    name,
    async readState(sites, signal) {
      const reply = await run(READ_STATE, sites === null ? ["all"] : ["some", ...sites], signal);
      if (reply === null) return { head: null, records: [] };
      const [lineage, version, stamp, rows] = readList(reply);
      const head = { lineage: readText(lineage), version: readVersion(version), stamp: readText(stamp) };
      return { head, records: await readRecords(rows) };
    },
    async readTail(version, signal) {
      const [stamp, behind, rows] = readList(await run(READ_TAIL, [version, MAX_CHANGES], signal));
      const entries = readEntries(rows);
      // Fewer entries than versions: there are too many, or the oldest have been trimmed.
      const found = entries.length < Number(behind) ? "many" : entries;
      return { stamp: stamp === null ? null : readText(stamp), entries: found };
    },
    async readHistory({ site, before, limit }, signal) {
      const found: StateChange[] = [];
      let end = before === undefined ? "+" : `${before - 1}-0`;
      while (found.length < limit && end !== "0-0") {
        const count = site === undefined ? limit : PAGE_SIZE;
        const [lineage, rows] = readList(await run(READ_HISTORY, [end, count], signal));
        const entries = readEntries(rows);
        for (const { stamp: _stamp, ...change } of entries) {
          if (site !== undefined && !change.records.some(({ id }) => id === site)) continue;
          found.push({ ...change, lineage: readText(lineage) });
        }
        const last = entries.at(-1);
        if (last === undefined || entries.length < count) break;
        end = `${last.version - 1}-0`;
      }
      return found.slice(0, limit);
    },
    async append(draft, { stamp, newLineage, latest, announce }, signal) {
      const rows = draft.records.flatMap(({ id, seen, after }) => [
        id,
        seen,
        after === null ? "" : writeRow(seen + 1, after),
      ]);
      const announcement = [announce ? changeMessage(draft, latest) : "", latest?.stamp ?? ""];
      const args = [draft.lineage, newLineage, stamp, serializeChange(draft), keepChanges, channel, ...announcement];
      const reply = await run(COMMIT, [...args, ...rows], signal);
      if (reply === null) return null;
      const [lineage, version] = readList(reply);
      return { lineage: readText(lineage), version: readVersion(version), stamp };
    },
    async replace(content, over, stampOf, signal) {
      const { lineage, version } = content;
      const stamp = stampOf(version);
      const aside = `${prefix}import:${crypto.randomUUID()}:`;
      const coming = [`${aside}sites`, `${aside}changes`] as const;
      const kept = { ...content, history: content.history.slice(0, keepChanges) };
      const send = (command: readonly string[]) => connection.use((opened) => opened.send(command), signal);
      const counts = await writeAside(kept, coming, stampOf, send);
      const args = [over.lineage, over.version, lineage, version, stamp, channel, ...counts];
      const reply = await connection.use((opened) => runScript(opened, REPLACE, [...keys, ...coming], args), signal);
      return reply === null ? null : { lineage, version, stamp };
    },
    examine: (signal) => connection.use(examineRedis, signal),
    members: redisMembers(
      (script, args, signal) => connection.use((opened) => runMembers(opened)(script, args), signal),
      (work, signal) => connection.use((opened) => work((args) => opened.send(args), runMembers(opened)), signal),
      timeout,
    ),
    watch: (listener, signal) => watchRedis(connection, { name, channel, timeout, explain }, listener, signal),
    close: () => connection.close(),
  };
  return logStore(storage);
}

const guarded = new WeakSet<object>();

async function takeClient(client: RedisClient): Promise<RedisConnection> {
  if (isNodeRedis(client) && !guarded.has(client)) {
    guarded.add(client);
    // If the application has no listener, a lost connection would end the process.
    client.on("error", () => {});
  }
  const taken = connectionOf(client);
  if (taken.isUsable()) return taken;
  throw new MaintenanceError("ERR_STORE_UNAVAILABLE", "The client passed to redisStore is not connected.", {
    hint: "Connect it first: await client.connect(). If it was connected before, it has lost its connection.",
  });
}
