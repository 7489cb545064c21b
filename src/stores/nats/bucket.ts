import type { JetStreamManager } from "@nats-io/jetstream";
import { MaintenanceError } from "../../errors.ts";
import type { SharedConnection } from "../driver/shared-connection.ts";
import type { NatsLink } from "./client.ts";
import { isBucketThere, isNoBucket, isNotTaken, isOvertaken } from "./error.ts";
import { readAllOfNats } from "./read-all.ts";

export interface NatsValue {
  readonly text: string;
  /** Of the bucket, raised by each write to any of its keys. */
  readonly revision: number;
}

/** What is asked of a bucket, each within the timeout. All of it is answered by the server that leads it. */
export interface NatsBucket {
  /** There is a bucket, and something in it. */
  isWritten(signal?: AbortSignal): Promise<boolean>;
  /** `null`: no such key, or no bucket. */
  get(key: string, signal?: AbortSignal): Promise<NatsValue | null>;
  /** Writes where the key is still at `revision`; `null`: where there is none. `false`: it is not, and nothing was written. */
  put(key: string, text: string, revision: number | null, signal?: AbortSignal): Promise<boolean>;
  /** What all keys hold that `filter` matches, by key: each at least as new as when it was asked for. */
  all(filter: string, signal?: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Whether `filter` matches a key, be it one that was deleted. */
  has(filter: string, signal?: AbortSignal): Promise<boolean>;
  /** Removes the keys that `filter` matches, or only what was written before `revision`. */
  purge(filter: string, revision: number | null, signal?: AbortSignal): Promise<void>;
  /** Makes the bucket. Idempotent. */
  make(signal?: AbortSignal): Promise<void>;
}

/** Milliseconds over which those are spread who would make the bucket at once. */
const SPREAD = 100;
/** Milliseconds, and how many of these. */
const MOMENT = 20;
const MOMENTS = 50;
/** Bytes that a message needs beside its value: headers, the subject. */
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
   * NATS 2.9 crashes when it is asked for messages or subjects of a stream that somebody makes in the same moment. How many there are
   * it may be asked, and nobody needs messages before there are any.
   */
  async function isWritten(manager: JetStreamManager): Promise<boolean> {
    const info = await unlessNoBucket(() => manager.streams.info(stream));
    written = info !== null && info.state.messages > 0;
    return written;
  }

  /** Deletions count. */
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
        return entry?.operation === "PUT" ? { text: entry.string(), revision: entry.revision } : null;
      }, signal),
    put: (key, text, revision, signal) =>
      connection.use(async ({ kv, connection: client }, ending) => {
        const size = new TextEncoder().encode(text).length;
        const most = (client.info?.max_payload ?? Number.POSITIVE_INFINITY) - OVERHEAD;
        if (size > most) throw tooLarge(name, size, most);
        const write = () => (revision === null ? kv.create(key, text) : kv.update(key, text, revision));
        try {
          // Whoever makes the bucket is told so before the server takes messages for it.
          await again(write, (error) => !written && isNotTaken(error), ending);
          return true;
        } catch (error) {
          if (isOvertaken(error)) return false;
          throw error;
        }
      }, signal),
    all: (filter, signal) => readAllOfNats(connection, { name, stream, prefix, filter, newest }, signal),
    has: async (filter, signal) => (await connection.use((link) => newest(link, prefix + filter), signal)) > 0,
    purge: (filter, revision, signal) =>
      connection.use(async ({ manager }) => {
        await manager.streams.purge(stream, { filter: prefix + filter, ...(revision !== null && { seq: revision }) });
      }, signal),
    make: (signal) =>
      connection.use(async ({ kvm }, ending) => {
        // Servers that start together write together, and NATS 2.9 may crash when two make one stream in the same moment.
        await new Promise((resolve) => setTimeout(resolve, random() * SPREAD));
        // Not for direct reads: another server than the leader may be behind.
        const make = () => kvm.create(bucket, { history: 1, replicas, allow_direct: false });
        await again(make, isBucketThere, ending);
      }, signal),
  };
}

/** Until it does not fail for this reason any more, for a moment: while two make a bucket at once. */
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
