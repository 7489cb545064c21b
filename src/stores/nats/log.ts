import { MaintenanceError } from "../../errors.ts";
import { inTurns, nextTurn } from "../../turn.ts";
import type { LogHead } from "../log/view.ts";
import type { LoadOptions, PartRecord, StoredRecord } from "../store.ts";
import type { NatsBucket } from "./bucket.ts";
import {
  CURRENT,
  FIRST_LIFE,
  keysOf,
  type NatsEntry,
  type NatsHead,
  type NatsKeys,
  type NatsMove,
  type NatsSite,
  type NatsValue,
  parseCurrent,
  parseEntry,
  parseHead,
  parseSite,
} from "./values.ts";

/** A consistent state. */
export interface NatsState {
  readonly keys: NatsKeys;
  readonly head: LogHead | null;
  /** The requested records, as of the head. */
  readonly records: readonly StoredRecord[];
  /** The changes at the end of the log that are not applied to the sites yet. */
  readonly unsettled: readonly NatsEntry[];
}

type Take = NonNullable<LoadOptions["take"]>;

export interface NatsLog {
  /** Reads the records of `sites`; with `null`, all of them. With `take`, they may be passed to it, as by `Store.load`. */
  read(sites: readonly string[] | null, signal?: AbortSignal, take?: Take): Promise<NatsState>;
  /** The keys of the generation that was last seen to be current. */
  currentKeys(signal?: AbortSignal): Promise<NatsKeys>;
  /** Switches to another generation; with `null`, looks up which one is current. */
  moveTo(life: string | null): void;
  head(keys: NatsKeys, signal?: AbortSignal): Promise<(NatsHead & Pick<NatsValue, "revision">) | null>;
  entry(keys: NatsKeys, version: number, signal?: AbortSignal): Promise<NatsEntry | NatsMove | null>;
  /** Reads the log from the change after `version` to its end, or until there are `most` changes or a few more. */
  after(keys: NatsKeys, version: number, most: number, signal?: AbortSignal): Promise<NatsStretch>;
}

export interface NatsStretch {
  readonly entries: readonly NatsEntry[];
  /** The generation in which the log continues; the log ends here. */
  readonly moved: string | null;
}

/** The maximum number of changes per request. */
const STRIDE = 64;
/** Its validation costs as much as that many characters: 64 sites are read at once. */
const SITE_COST = 256;
/** The number of sites per request. */
const BATCH = 256;
/** Maximum attempts of a read: an import, or more new changes than the log keeps, makes it start again. */
const ATTEMPTS = 20;

export function natsLog(bucket: NatsBucket, name: string): NatsLog {
  let known: string | null = null;

  async function currentKeys(signal?: AbortSignal): Promise<NatsKeys> {
    if (known === null) {
      const current = await bucket.get(CURRENT, signal);
      known = current === null ? FIRST_LIFE : parseCurrent(CURRENT, current.text);
    }
    return keysOf(known);
  }

  async function head(keys: NatsKeys, signal?: AbortSignal) {
    const value = await bucket.get(keys.head, signal);
    return value && { ...parseHead(keys.head, value.text), revision: value.revision };
  }

  async function entry(keys: NatsKeys, version: number, signal?: AbortSignal) {
    const key = keys.change(version);
    const value = await bucket.get(key, signal);
    return value && parseEntry(key, value.text);
  }

  async function after(keys: NatsKeys, version: number, most: number, signal?: AbortSignal): Promise<NatsStretch> {
    const entries: NatsEntry[] = [];
    while (entries.length <= most) {
      // Usually there is none or one. If there are many, the next request asks for twice as many.
      const stride = Math.min(Math.max(entries.length, 1), STRIDE);
      const first = version + entries.length + 1;
      const versions = Array.from({ length: stride }, (_, index) => first + index);
      for (const found of await Promise.all(versions.map((next) => entry(keys, next, signal)))) {
        if (found === null) return { entries, moved: null };
        if ("moved" in found) return { entries, moved: found.moved };
        entries.push(found);
      }
    }
    return { entries, moved: null };
  }

  async function few(keys: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, NatsValue>> {
    const values = new Map<string, NatsValue>();
    for (let first = 0; first < keys.length; first += BATCH) {
      const read = async (key: string) => [key, await bucket.get(key, signal)] as const;
      for (const [key, value] of await Promise.all(keys.slice(first, first + BATCH).map(read))) {
        if (value !== null) values.set(key, value);
      }
    }
    return values;
  }

  /** Reads the head first: everything read after it is at least as new. With `take`, the rows are passed to it, and none is returned. */
  async function settledState(keys: NatsKeys, sites: readonly string[] | null, signal?: AbortSignal, take?: Take) {
    const settled = await head(keys, signal);
    const rows: NatsSite[] = [];
    const add = async (values: Iterable<readonly [key: string, text: string]>): Promise<void> => {
      for await (const slice of inTurns(values, () => SITE_COST, { nextTurn })) {
        for (const [key, text] of slice) rows.push(parseSite(key, text));
      }
    };
    if (sites !== null) {
      const values = await few(sites.map(keys.site), signal);
      await add([...values].map(([key, { text }]) => [key, text]));
      return { settled, rows, isTaken: false };
    }
    const isTaken = take !== undefined && settled !== null;
    await bucket.all(
      keys.allSites,
      async (part) => {
        await add(part.flatMap(({ key, text }) => (text === null ? [] : [[key, text] as const])));
        if (isTaken) await take(rows.splice(0).filter(({ lineage }) => lineage === settled.lineage));
      },
      signal,
    );
    return { settled, rows, isTaken };
  }

  /** Returns `null` if the read has to be repeated. */
  async function attempt(
    sites: readonly string[] | null,
    signal?: AbortSignal,
    take?: Take,
  ): Promise<NatsState | null> {
    const keys = await currentKeys(signal);
    const { settled, rows, isTaken } = await settledState(keys, sites, signal, take);
    const { entries, moved } = await after(keys, settled?.version ?? 0, Number.POSITIVE_INFINITY, signal);
    if (moved !== null) {
      known = moved;
      return null;
    }
    if (entries.length === 0) {
      // An empty end of the log can also mean that it was trimmed far beyond the version that was read.
      if ((await head(keys, signal))?.version !== settled?.version) return null;
    }
    const last = entries.at(-1) ?? settled;
    if (last === null)
      return (await isNeverWritten(keys, signal)) ? { keys, head: null, records: [], unsettled: [] } : null;
    const { lineage, version, stamp } = last;
    const state = { keys, head: { lineage, version, stamp }, unsettled: entries };
    if (!isTaken) return { ...state, records: await recordsAt(last, rows, entries, sites) };
    if (lineage !== settled?.lineage) return null;
    // No row is newer than the last of these changes.
    await take?.(entries.flatMap(changedRecords));
    return { ...state, records: [] };
  }

  /** Returns `true` if no key of this generation exists; `false` if the read has to be repeated. */
  async function isNeverWritten(keys: NatsKeys, signal?: AbortSignal): Promise<boolean> {
    known = null;
    if ((await currentKeys(signal)).head !== keys.head) return false;
    if (!(await bucket.has(keys.allChanges, signal))) return true;
    if ((await entry(keys, 1, signal)) === null) throw headless(name, keys);
    return false;
  }

  return {
    currentKeys,
    head,
    entry,
    after,
    moveTo(life) {
      known = life;
    },
    async read(sites, signal, take) {
      for (let attempts = 0; attempts < ATTEMPTS; attempts += 1) {
        const state = await attempt(sites, signal, take);
        if (state !== null) return state;
        await take?.("again");
      }
      throw new MaintenanceError("ERR_STORE_UNAVAILABLE", `${name}: the state changed too often while it was read.`);
    },
  };
}

function headless(name: string, { head, allChanges }: NatsKeys): MaintenanceError {
  const message = `${name}: the key '${head}' is gone, and '${allChanges}' are there.`;
  const hint = "Restore the bucket from a backup, or delete it and close the sites again.";
  return new MaintenanceError("ERR_STATE_UNREADABLE", message, { hint });
}

function changedRecords({ records }: NatsEntry): readonly PartRecord[] {
  return records.map(({ id, seen, after: text }) => ({ id, version: seen + 1, text }));
}

/** Returns the stored records with the changes at the end of the log applied. */
async function recordsAt(
  head: LogHead,
  rows: readonly NatsSite[],
  entries: readonly NatsEntry[],
  sites: readonly string[] | null,
): Promise<readonly StoredRecord[]> {
  const newest = new Map<string, Pick<NatsSite, "stateVersion" | "version" | "text">>();
  // A row of another lineage: a process that did not know that the bucket was wiped wrote it late.
  for await (const slice of inTurns(rows, () => 1, { nextTurn })) {
    for (const row of slice) if (row.lineage === head.lineage) newest.set(row.id, row);
  }
  for (const { version: stateVersion, records } of entries) {
    for (const { id, seen, after: text } of records) {
      const isWanted = sites === null || sites.includes(id);
      if (isWanted && (newest.get(id)?.stateVersion ?? 0) < stateVersion) {
        newest.set(id, { stateVersion, version: seen + 1, text });
      }
    }
  }
  const records: StoredRecord[] = [];
  for await (const slice of inTurns(newest, () => 1, { nextTurn })) {
    for (const [id, { version, text }] of slice) if (text !== null) records.push({ id, version, text });
  }
  return records;
}
