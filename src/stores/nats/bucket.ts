import type { JetStreamManager } from "@nats-io/jetstream";
import { MaintenanceError } from "../../errors.ts";
import type { SharedConnection } from "../driver/shared-connection.ts";
import type { NatsLink } from "./client.ts";
import { isBucketThere, isNoBucket, isNotTaken, isOvertaken } from "./error.ts";
import { type NatsMessage, readAllOfNats } from "./read-all.ts";
import type { NatsValue } from "./values.ts";

/** The operations on a bucket, each within the timeout. The server that leads the bucket answers all of them. */
export interface NatsBucket {
  /** Whether the bucket exists and is not empty. */
  isWritten(signal?: AbortSignal): Promise<boolean>;
  /** Returns `null` if the key or the bucket does not exist. */
  get(key: string, signal?: AbortSignal): Promise<NatsValue | null>;
  /** Writes if the key is at `revision`, or with `null` if it does not exist. Returns `false` if nothing was written. */
  put(key: string, text: string, revision: number | null, signal?: AbortSignal): Promise<boolean>;
  /** Removes a key that is at `revision`. Returns `false` if it is not. */
  remove(key: string, revision: number, signal?: AbortSignal): Promise<boolean>;
  /**
   * Passes the values of all keys that `filter` matches to `take`, in parts. Each is at least as new as the call. One that is written
   * meanwhile may come again, later.
   */
  all(filter: string, take: (part: readonly NatsMessage[]) => Promise<void>, signal?: AbortSignal): Promise<void>;
  /** Whether `filter` matches a key, including deleted keys. */
  has(filter: string, signal?: AbortSignal): Promise<boolean>;
  /** Removes the keys that `filter` matches; with a revision, only the messages before it. */
  purge(filter: string, revision: number | null, signal?: AbortSignal): Promise<void>;
  /**
   * Returns the time of the leader's clock, in epoch milliseconds; before NATS 2.10 the time of the last write to the bucket, which is
   * earlier. `null` if the bucket does not exist.
   */
  now(signal?: AbortSignal): Promise<number | null>;
  /** Creates the bucket. Idempotent. */
  make(signal?: AbortSignal): Promise<void>;
}

/** Milliseconds over which processes that want to create the bucket at the same time are spread. */
const SPREAD = 100;
/** Milliseconds between two attempts, and their number. */
const MOMENT = 20;
const MOMENTS = 50;
/** Bytes of a message beside its value: headers and the subject. */
const OVERHEAD = 2_048;

export function natsBucket(
  connection: SharedConnection<NatsLink>,
  { name, bucket, replicas }: { readonly name: string; readonly bucket: string; readonly replicas: number },
  random: () => number = Math.random,
): NatsBucket {
  const stream = `KV_${bucket}`;
  const prefix = `$KV.${bucket}.`;
  let written = false;

  async function unlessNoBucket<T>(read: () => Promise<T>): Promise<T | null> {
    try {
      return await read();
    } catch (error) {
      if (!isNoBucket(error)) throw error;
      written = false;
      return null;
    }
  }

  /**
   * NATS 2.9 crashes if it is asked for messages or subjects of a stream while the stream is being created. The number of messages is safe
   * to ask for, and messages are needed only if there are any.
   */
  async function isWritten(manager: JetStreamManager): Promise<boolean> {
    const info = await unlessNoBucket(() => manager.streams.info(stream));
    written = info !== null && info.state.messages > 0;
    return written;
  }

  /** Includes deletions. */
  async function newest({ manager }: NatsLink, subject: string): Promise<number> {
    if (!written && !(await isWritten(manager))) return 0;
    const message = await unlessNoBucket(() => manager.streams.getMessage(stream, { last_by_subj: subject }));
    return message?.seq ?? 0;
  }

  return {
    isWritten: (signal) => connection.use(({ manager }) => isWritten(manager), signal),
    get: (key, signal) =>
      connection.use(async ({ kv, manager }) => {
        if (!written && !(await isWritten(manager))) return null;
        const entry = await unlessNoBucket(() => kv.get(key));
        if (entry?.operation !== "PUT") return null;
        return { text: entry.string(), revision: entry.revision, created: entry.created.getTime() };
      }, signal),
    put: (key, text, revision, signal) =>
      connection.use(async ({ kv, connection: client }, ending) => {
        const size = new TextEncoder().encode(text).length;
        const most = (client.info?.max_payload ?? Number.POSITIVE_INFINITY) - OVERHEAD;
        if (size > most) throw tooLarge(name, size, most);
        const write = () => (revision === null ? kv.create(key, text) : kv.update(key, text, revision));
        try {
          // The response to the creation of a bucket can arrive before the server accepts messages for it.
          await again(write, (error) => !written && isNotTaken(error), ending);
          return true;
        } catch (error) {
          if (isOvertaken(error)) return false;
          throw error;
        }
      }, signal),
    remove: (key, revision, signal) =>
      connection.use(async ({ kv, manager }) => {
        try {
          await kv.delete(key, { previousSeq: revision });
        } catch (error) {
          if (isOvertaken(error) || isNoBucket(error)) return false;
          throw error;
        }
        // Otherwise the mark of the deletion would stay.
        const mark = await kv.get(key);
        if (mark?.operation !== "DEL") return true;
        await manager.streams.purge(stream, { filter: prefix + key, seq: mark.revision + 1 });
        return true;
      }, signal),
    all: (filter, take, signal) => readAllOfNats(connection, { name, stream, prefix, filter, newest }, take, signal),
    has: async (filter, signal) => (await connection.use((link) => newest(link, prefix + filter), signal)) > 0,
    purge: (filter, revision, signal) =>
      connection.use(async ({ manager }) => {
        await manager.streams.purge(stream, { filter: prefix + filter, ...(revision !== null && { seq: revision }) });
      }, signal),
    now: (signal) =>
      connection.use(async ({ manager }) => {
        const info = await unlessNoBucket(() => manager.streams.info(stream));
        const time = info && Date.parse(info.ts ?? info.state.last_ts);
        return time !== null && time > 0 ? time : null;
      }, signal),
    make: (signal) =>
      connection.use(async ({ kvm }, ending) => {
        // Servers that start together write together, and NATS 2.9 may crash when two of them create one stream at the same moment.
        await new Promise((resolve) => setTimeout(resolve, random() * SPREAD));
        // Not for direct reads: a server other than the leader may be behind.
        const make = () => kvm.create(bucket, { history: 1, replicas, allow_direct: false });
        await again(make, isBucketThere, ending);
      }, signal),
  };
}

/** Repeats `work` for a short time while it fails for this reason: two processes are creating the bucket. */
async function again(
  work: () => Promise<unknown>,
  mayPass: (error: unknown) => boolean,
  signal: AbortSignal,
): Promise<void> {
  for (let left = MOMENTS; ; left -= 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (left === 0 || signal.aborted || !mayPass(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, MOMENT));
    }
  }
}

function tooLarge(name: string, size: number, most: number): MaintenanceError {
  const message = `${name}: a change of ${size} bytes is more than the ${most} that the server takes (max_payload).`;
  const hint = "Change fewer sites at once, shorten their texts, or raise max_payload of the server.";
  return new MaintenanceError("ERR_STORE_UNAVAILABLE", message, { hint });
}
