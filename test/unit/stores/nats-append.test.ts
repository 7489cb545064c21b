import { expect, test } from "vitest";
import { appendToNats } from "../../../src/stores/nats/append.ts";
import type { NatsBucket } from "../../../src/stores/nats/bucket.ts";
import { natsLog } from "../../../src/stores/nats/log.ts";
import type { NatsValue } from "../../../src/stores/nats/values.ts";
import type { ChangeDraft } from "../../../src/stores/store.ts";

/** Returns a bucket in memory that behaves like one of JetStream. */
function bucketInMemory(): NatsBucket {
  const values = new Map<string, NatsValue>();
  const matching = (filter: string): [string, NatsValue][] =>
    [...values].filter(([key]) => key.startsWith(filter.replace(/[*>]$/, "")));
  let revisions = 0;
  return {
    isWritten: async () => values.size > 0,
    get: async (key) => values.get(key) ?? null,
    async put(key, text, revision) {
      if ((values.get(key)?.revision ?? null) !== revision) return false;
      revisions += 1;
      values.set(key, { text, revision: revisions, created: 0 });
      return true;
    },
    remove: async (key, revision) => values.get(key)?.revision === revision && values.delete(key),
    all: async (filter, take) => await take(matching(filter).map(([key, value]) => ({ key, ...value }))),
    now: async () => 0,
    has: async (filter) => matching(filter).length > 0,
    async purge(filter, revision) {
      for (const [key, value] of matching(filter)) {
        if (value.revision < (revision ?? Number.POSITIVE_INFINITY)) values.delete(key);
      }
    },
    make: async () => {},
  };
}

const draftOf = (id: string, lineage: string, seen: number): ChangeDraft => ({
  lineage,
  command: "close",
  records: [{ id, seen, before: null, after: '{"mode":"closed"}' }],
  at: "2026-11-29T12:00:00Z",
  by: { kind: "program", label: "test" },
  reason: "",
});

test("a change that others overtake is tried again after a pause each time, and is accepted", async () => {
  const bucket = bucketInMemory();
  const log = natsLog(bucket, "NATS");
  let pauses = 0;
  const writer = { bucket, log, keepChanges: 100, random: () => 0.1 };
  const began = await appendToNats(writer, draftOf("blog", "", 0), { stamp: "first", newLineage: "life" });
  expect(began).toMatchObject({ lineage: "life", version: 1 });

  let left = 5;
  const overtaken: NatsBucket = {
    ...bucket,
    async put(key, text, revision) {
      if (key.includes(".change.") && left > 0) {
        left -= 1;
        const faster = draftOf("blog", "life", 5 - left);
        await appendToNats(writer, faster, { stamp: `faster-${left}`, newLineage: "" });
      }
      return bucket.put(key, text, revision);
    },
  };
  const random = (): number => {
    pauses += 1;
    return 0.1;
  };
  const slow = { ...writer, bucket: overtaken, random };
  const head = await appendToNats(slow, draftOf("shop", "life", 0), { stamp: "slow", newLineage: "" });
  expect(head).toMatchObject({ version: 7, stamp: "slow" });
  expect(pauses).toBe(5);
  const { records } = await log.read(null);
  expect(records.map(({ id, version }) => [id, version]).sort()).toEqual([
    ["blog", 6],
    ["shop", 1],
  ]);
});

test("a change that others overtake ends when its caller gives up", async () => {
  const bucket = bucketInMemory();
  const giveUp = new AbortController();
  let writes = 0;
  const contended: NatsBucket = {
    ...bucket,
    async put() {
      writes += 1;
      if (writes === 3) giveUp.abort(new Error("gave up"));
      return false;
    },
  };
  const log = natsLog(bucket, "NATS");
  const writer = { bucket: contended, log, keepChanges: 100, random: () => 0 };
  const mint = { stamp: "a", newLineage: "life" };
  await expect(appendToNats(writer, draftOf("shop", "", 0), mint, giveUp.signal)).rejects.toThrow("gave up");
  expect(writes).toBe(3);
});
