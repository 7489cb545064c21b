import { pauseAfter } from "../driver/pause-after.ts";
import type { LogHead } from "../log/view.ts";
import type { ChangeDraft } from "../store.ts";
import type { NatsBucket } from "./bucket.ts";
import type { NatsLog } from "./log.ts";
import { type NatsEntry, type NatsHead, type NatsKeys, type NatsSite, parseSite, serializeEntry } from "./values.ts";

/** The number of sites that are written at once. */
const BATCH = 64;

export interface NatsWriter {
  readonly bucket: NatsBucket;
  readonly log: NatsLog;
  readonly keepChanges: number;
  /** For the jitter of the pauses after a conflict. */
  readonly random: () => number;
}

/**
 * Appends a change. It is accepted when its key is created, which only one writer can do. The sites and the head follow: if the writer is
 * killed in between, the next writer completes them, and readers read the end of the log themselves.
 */
export async function appendToNats(
  writer: NatsWriter,
  draft: ChangeDraft,
  { stamp, newLineage }: { readonly stamp: string; readonly newLineage: string },
  signal?: AbortSignal,
): Promise<LogHead | null> {
  const { bucket, log } = writer;
  const ids = draft.records.map(({ id }) => id);
  for (let attempts = 0; ; attempts += 1) {
    if (attempts > 0) await pauseAfter(attempts, writer.random);
    signal?.throwIfAborted();
    const { keys, head, records, unsettled } = await log.read(ids, signal);
    if ((head?.lineage ?? "") !== draft.lineage) return null;
    const seen = new Map(records.map(({ id, version }) => [id, version]));
    if (draft.records.some((record) => (seen.get(record.id) ?? 0) !== record.seen)) return null;
    if (head === null) await bucket.make(signal);

    const next = { lineage: head?.lineage ?? newLineage, version: (head?.version ?? 0) + 1, stamp };
    const key = keys.change(next.version);
    if (!(await bucket.put(key, serializeEntry(next, draft), null, signal))) {
      const there = await log.entry(keys, next.version, signal);
      // Our own change: the request was sent twice, and the first response was lost.
      if (there === null || "moved" in there || there.stamp !== stamp) continue;
    }
    const settled = await log.head(keys, signal);
    if (settled !== null && settled.oldest > next.version) {
      // So late that the log had been trimmed beyond this version and its key was free again: the change was never part of the log.
      await bucket.purge(key, null, signal);
      continue;
    }
    // The change is accepted: the next writer completes anything that fails from here on.
    await settle(writer, keys, [...unsettled, { ...draft, ...next }]).catch(() => {});
    return next;
  }
}

/** Brings the sites and then the head up to the end of the log. Idempotent: each records the change that wrote it. */
async function settle(
  { bucket, log, keepChanges, random }: NatsWriter,
  keys: NatsKeys,
  entries: readonly NatsEntry[],
): Promise<void> {
  const sites = new Map<string, NatsSite>();
  for (const { lineage, version: stateVersion, records } of entries) {
    for (const { id, seen, after: text } of records)
      sites.set(id, { id, lineage, stateVersion, version: seen + 1, text });
  }
  const all = [...sites.values()];
  for (let first = 0; first < all.length; first += BATCH) {
    await Promise.all(all.slice(first, first + BATCH).map((site) => settleSite(bucket, keys, site, random)));
  }
  const last = entries.at(-1);
  if (last === undefined) return;
  for (let attempts = 0; ; attempts += 1) {
    if (attempts > 0) await pauseAfter(attempts, random);
    const head = await log.head(keys);
    if (head !== null && head.lineage === last.lineage && head.version >= last.version) return;
    const next = headAt(last, head?.lineage === last.lineage ? head.oldest : 1, keepChanges);
    if (!(await bucket.put(keys.head, JSON.stringify(next), head?.revision ?? null))) continue;
    if (head !== null && next.oldest > head.oldest) await cutOff(bucket, keys, next.oldest);
    return;
  }
}

async function settleSite(
  bucket: NatsBucket,
  keys: NatsKeys,
  site: NatsSite,
  random: NatsWriter["random"],
): Promise<void> {
  const key = keys.site(site.id);
  for (let attempts = 0; ; attempts += 1) {
    if (attempts > 0) await pauseAfter(attempts, random);
    const found = await bucket.get(key);
    const stored = found && parseSite(key, found.text);
    if (stored?.lineage === site.lineage && stored.stateVersion >= site.stateVersion) return;
    if (await bucket.put(key, JSON.stringify(site), found?.revision ?? null)) return;
  }
}

/** Not trimmed one by one: each time costs a round trip. */
function headAt({ lineage, version, stamp }: NatsEntry, oldest: number, keepChanges: number): NatsHead {
  const surplus = version - oldest + 1 - keepChanges;
  return { lineage, version, stamp, oldest: surplus > keepChanges / 10 ? oldest + surplus : oldest };
}

/** The head already says so: no writer takes a key below it for a free one. */
async function cutOff(bucket: NatsBucket, keys: NatsKeys, oldest: number): Promise<void> {
  const kept = await bucket.get(keys.change(oldest));
  if (kept !== null) await bucket.purge(keys.allChanges, kept.revision);
}
