import type { MemberEntries, MemberEntry, MemberStorage } from "../members/storage.ts";
import type { NatsBucket } from "./bucket.ts";
import type { NatsMessage } from "./read-all.ts";
import type { NatsValue } from "./values.ts";

/** The keys have no generation: an import leaves them. */
const PREFIX = "member.";
/** A value is the number, a space and the text. */
const VALUE = /^(\d+) (.*)$/s;

/** Keeps each text under a key of the bucket. The number is in the value, and the revision of the key is the condition of a write. */
export function natsMembers(bucket: NatsBucket): MemberStorage {
  async function find(key: string, signal: AbortSignal | undefined) {
    const value = await bucket.get(PREFIX + key, signal);
    return { revision: value?.revision ?? null, seq: value === null ? 0 : toEntry(key, value).seq };
  }

  return {
    async put(key, text, seen, { signal }) {
      const { revision, seq } = await find(key, signal);
      if (seq !== seen) return false;
      if (revision === null && !(await bucket.isWritten(signal))) await bucket.make(signal);
      return await bucket.put(PREFIX + key, `${seen + 1} ${text}`, revision, signal);
    },
    async remove(key, seen, signal) {
      const { revision, seq } = await find(key, signal);
      return revision !== null && seq === seen && (await bucket.remove(PREFIX + key, revision, signal));
    },
    async read(keys, signal) {
      if (keys === "all") {
        const entries = new Map<string, MemberEntry>();
        const take = async (part: readonly NatsMessage[]): Promise<void> => {
          for (const { key, text, created } of part) {
            const name = key.slice(PREFIX.length);
            if (text === null) entries.delete(name);
            else entries.set(name, toEntry(name, { text, created }));
          }
        };
        await bucket.all(`${PREFIX}*`, take, signal);
        return at(await bucket.now(signal), [...entries.values()]);
      }
      const [now, ...values] = await Promise.all([
        bucket.now(signal),
        ...keys.map((key) => bucket.get(PREFIX + key, signal)),
      ]);
      return at(
        now,
        values.flatMap((value, index) => (value ? toEntry(keys[index] ?? "", value) : [])),
      );
    },
  };
}

/** A value that was edited by hand may have no number. */
function toEntry(key: string, { text, created: written }: Pick<NatsValue, "text" | "created">): MemberEntry {
  const [, seq = "0", rest = text] = VALUE.exec(text) ?? [];
  return { key, seq: Number(seq), text: rest, written };
}

/** The time is not before what was read was written. */
function at(now: number | null, entries: readonly MemberEntry[]): MemberEntries {
  const times = entries.map(({ written }) => written ?? 0);
  return { entries, now: now === null ? null : Math.max(now, ...times) };
}
