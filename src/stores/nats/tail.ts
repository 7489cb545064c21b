import type { LogTail } from "../log/log.ts";
import type { HistoryQuery, StateChange } from "../store.ts";
import type { NatsLog } from "./log.ts";

/** Reading more changes than this costs more than a reload. */
const MAX_CHANGES = 500;
/** Changes per read, if not all of them may be needed. */
const PAGE = 64;

/** Two small reads if nothing changed: of the change at `version`, and of the next one, which does not exist. */
export async function readNatsTail(log: NatsLog, version: number, signal?: AbortSignal): Promise<LogTail> {
  const keys = await log.currentKeys(signal);
  const [at, { entries, moved }] = await Promise.all([
    version === 0 ? null : log.entry(keys, version, signal),
    log.after(keys, version, MAX_CHANGES, signal),
  ]);
  if (moved !== null) {
    log.moveTo(moved);
    return readNatsTail(log, version, signal);
  }
  const found = entries.length > MAX_CHANGES ? "many" : entries;
  if (at !== null) return { stamp: "moved" in at ? null : at.stamp, entries: found };
  // An import keeps the log no longer than it was; the head has its own stamp.
  const head = await log.head(keys, signal);
  if (head !== null) {
    const isBeyond = found !== "many" && found.length === 0 && head.version > version;
    return { stamp: head.version === version ? head.stamp : null, entries: isBeyond ? "many" : found };
  }
  if (entries.length > 0) return { stamp: null, entries: found };
  // No key of this generation exists: another may be current.
  log.moveTo(null);
  const again = await log.currentKeys(signal);
  return again.head === keys.head ? { stamp: null, entries: [] } : readNatsTail(log, version, signal);
}

export async function readNatsHistory(
  log: NatsLog,
  { site, before, limit }: HistoryQuery,
  signal?: AbortSignal,
): Promise<readonly StateChange[]> {
  const { keys, head } = await log.read([], signal);
  if (head === null) return [];
  const oldest = (await log.head(keys, signal))?.oldest ?? 1;
  const found: StateChange[] = [];
  let next = Math.min(head.version, (before ?? Number.POSITIVE_INFINITY) - 1);
  while (found.length < limit && next >= oldest) {
    const size = Math.min(PAGE, next - oldest + 1, site === undefined ? limit - found.length : PAGE);
    const last = next;
    const page = Array.from({ length: size }, (_, index) => log.entry(keys, last - index, signal));
    for (const entry of await Promise.all(page)) {
      if (entry === null || "moved" in entry) continue;
      const { stamp: _stamp, ...change } = entry;
      if (site === undefined || change.records.some(({ id }) => id === site)) found.push(change);
    }
    next -= size;
  }
  return found.slice(0, limit);
}
