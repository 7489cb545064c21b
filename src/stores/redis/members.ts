import type { MemberEntry, MemberStorage } from "../members/storage.ts";
import type { RedisConnection } from "./client.ts";
import { readList, readText } from "./reply.ts";

// KEYS: the hash of the list. Each field holds a number, the time of the write in epoch milliseconds, and the text, with a space between.

const NOW = `
local function now()
  local time = redis.call('TIME')
  return string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
end
local function seen(key)
  local value = redis.call('HGET', KEYS[1], key)
  return value and string.match(value, '^%d+') or '0'
end`;

/** ARGV: field, expected number, new number, text. Returns 1, or 0 if the field has another number. */
const PUT = `${NOW}
if seen(ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3] .. ' ' .. now() .. ' ' .. ARGV[4])
return 1`;

/** ARGV: field, expected number. Returns 1, or 0 if the field has another number. */
const REMOVE = `${NOW}
if seen(ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('HDEL', KEYS[1], ARGV[1])`;

/**
 * ARGV: `all`; or `some` and the fields. Returns the time, then alternating fields and values. A replica may be behind: the write, which
 * changes nothing, makes it refuse the script.
 */
const READ = `${NOW}
redis.call('HDEL', KEYS[1], '')
if ARGV[1] == 'all' then return {now(), redis.call('HGETALL', KEYS[1])} end
local found = {}
for i = 2, #ARGV do
  local value = redis.call('HGET', KEYS[1], ARGV[i])
  if value then found[#found + 1] = ARGV[i]; found[#found + 1] = value end
end
return {now(), found}`;

/** Changes nothing, with two writes that replicas get. */
const MARK = `
redis.call('HSET', KEYS[1], '', '')
return redis.call('HDEL', KEYS[1], '')`;

/** Milliseconds that replicas have to confirm a write, at most. Other commands of the connection wait so long. */
const MAX_CONFIRM_MS = 1_000;

/** Runs a script with the key of the hash. */
type Run = (script: string, args: readonly (string | number)[], signal?: AbortSignal) => Promise<unknown>;
/** Runs `work` on one connection; `run` runs a script on it. */
type RunOnOne = <T>(work: (send: RedisConnection["send"], run: Run) => Promise<T>, signal?: AbortSignal) => Promise<T>;

export function redisMembers(run: Run, onOne: RunOnOne, timeout: number): MemberStorage {
  return {
    put: async (key, text, seen, { signal }) => (await run(PUT, [key, seen, seen + 1, text], signal)) === 1,
    remove: async (key, seen, signal) => (await run(REMOVE, [key, seen], signal)) === 1,
    async read(keys, signal) {
      const [now, found] = readList(await run(READ, keys === "all" ? ["all"] : ["some", ...keys], signal));
      const texts = readList(found).map(readText);
      const entries = texts.flatMap((key, index) => (index % 2 === 0 ? readEntry(key, texts[index + 1] ?? "") : []));
      return { entries, now: Number(now) };
    },
    replicated: (signal) =>
      onOne(async (send, runOnIt) => {
        // WAIT knows the writes of its own connection only; replicas get all writes in one order.
        await runOnIt(MARK, []);
        const [, , found] = readList(await send(["ROLE"]));
        const replicas = readList(found).length;
        if (replicas === 0) return { replicas, confirmed: 0 };
        const confirmed = Number(
          await send(["WAIT", String(replicas), String(Math.min(MAX_CONFIRM_MS, Math.floor(timeout / 2)))]),
        );
        return { replicas, confirmed: Math.min(confirmed, replicas) };
      }, signal),
  };
}

/** A value that was edited by hand may have no number: the scripts take it for 0. */
function readEntry(key: string, value: string): MemberEntry {
  const [, seq, written, text] = /^(\d+) (\d+) (.*)$/s.exec(value) ?? [];
  if (text === undefined) return { key, seq: 0, written: null, text: value };
  return { key, seq: Number(seq), written: Number(written), text };
}
