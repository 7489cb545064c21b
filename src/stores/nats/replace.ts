import type { LogHead } from "../log/view.ts";
import type { Position, StateContent } from "../store.ts";
import type { NatsWriter } from "./append.ts";
import { CURRENT, keysOf, type NatsHead, type NatsSite, serializeEntry } from "./values.ts";

/** The number of keys written at once. */
const BATCH = 64;

/**
 * Writes a new generation beside the current one, then ends the log of the current one with a pointer to it. The pointer uses the key
 * that the next change would need, so that no change is overwritten.
 */
export async function replaceInNats(
  { bucket, log, keepChanges }: NatsWriter,
  content: StateContent,
  over: Position,
  stampOf: (version: number) => string,
  signal?: AbortSignal,
): Promise<LogHead | null> {
  const { keys: old, head } = await log.read([], signal);
  if ((head?.lineage ?? "") !== over.lineage || (head?.version ?? 0) !== over.version) return null;
  await bucket.make(signal);

  const { lineage, version } = content;
  const life = crypto.randomUUID().slice(0, 8);
  const keys = keysOf(life);
  const history = content.history.slice(0, keepChanges);
  const next: NatsHead = { lineage, version, stamp: stampOf(version), oldest: history.at(-1)?.version ?? version + 1 };
  const values = [
    // The oldest first: trimming the log removes everything written before a change.
    ...history.toReversed().map((change): readonly [string, string] => {
      const place = { lineage, version: change.version, stamp: stampOf(change.version) };
      return [keys.change(change.version), serializeEntry(place, change)];
    }),
    ...content.records.map((record): readonly [string, string] => {
      const site: NatsSite = { ...record, lineage, stateVersion: version };
      return [keys.site(record.id), JSON.stringify(site)];
    }),
    [keys.head, JSON.stringify(next)] as const,
  ];
  for (let first = 0; first < values.length; first += BATCH) {
    const batch = values.slice(first, first + BATCH);
    await Promise.all(batch.map(([key, text]) => bucket.put(key, text, null, signal)));
  }

  const end = old.change(over.version + 1);
  if (!(await bucket.put(end, JSON.stringify({ moved: life }), null, signal))) {
    await bucket.purge(`${life}.>`, null, signal);
    return null;
  }
  log.moveTo(life);
  // The new generation is current; the rest is cleaning up. The pointer stays for clients that still read the old log.
  await tidy().catch(() => {});
  return { lineage, version, stamp: next.stamp };

  async function tidy(): Promise<void> {
    const current = await bucket.get(CURRENT);
    await bucket.put(CURRENT, JSON.stringify({ life }), current?.revision ?? null);
    const sign = await bucket.get(end);
    await bucket.purge(old.head, null);
    await bucket.purge(old.allSites, null);
    if (sign !== null) await bucket.purge(old.allChanges, sign.revision);
  }
}
