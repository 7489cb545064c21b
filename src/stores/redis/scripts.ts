import type { RedisConnection } from "./client.ts";

// Scripts run in the server, so that no client reads a half-written change. KEYS are always head, sites, changes; `replace` has two more.
// Versions are stored as texts and formatted with `%d`: Lua would write a large number as 1e+15.

/** ARGV: `all`; or `some` and the ids. Returns nothing if never written; else lineage, version, stamp, then alternating ids and rows. */
export const READ_STATE = `
local head = redis.call('HMGET', KEYS[1], 'lineage', 'version', 'stamp', 'sites')
if not head[1] then
  if redis.call('EXISTS', KEYS[2], KEYS[3]) > 0 then return redis.error_reply('MAINTENANCE lost ' .. KEYS[1]) end
  return false
end
if tonumber(head[4] or 0) > 0 and redis.call('EXISTS', KEYS[2]) == 0 then
  return redis.error_reply('MAINTENANCE lost ' .. KEYS[2])
end
if ARGV[1] == 'all' then return {head[1], head[2], head[3], redis.call('HGETALL', KEYS[2])} end
local rows = {}
for i = 2, #ARGV do
  local row = redis.call('HGET', KEYS[2], ARGV[i])
  if row then rows[#rows + 1] = ARGV[i]; rows[#rows + 1] = row end
end
return {head[1], head[2], head[3], rows}`;

/** ARGV: version, most. Returns the stamp of that version, the number of later changes, and these changes unless they are more than most. */
export const READ_TAIL = `
local head = redis.call('HMGET', KEYS[1], 'version', 'stamp')
if not head[1] then return {false, 0, {}} end
if head[1] == ARGV[1] then return {head[2], 0, {}} end
local stamp = false
if ARGV[1] ~= '0' then
  local at = redis.call('XRANGE', KEYS[3], ARGV[1] .. '-0', ARGV[1] .. '-0')
  if at[1] then stamp = at[1][2][2] end
end
local behind = tonumber(head[1]) - tonumber(ARGV[1])
if behind < 0 or behind > tonumber(ARGV[2]) then return {stamp, behind, {}} end
return {stamp, behind, redis.call('XRANGE', KEYS[3], ARGV[1] .. '-1', '+')}`;

/** ARGV: end, count. Returns the lineage, and the changes up to that id, newest first. */
export const READ_HISTORY = `
return {redis.call('HGET', KEYS[1], 'lineage'), redis.call('XREVRANGE', KEYS[3], ARGV[1], '-', 'COUNT', ARGV[2])}`;

/**
 * ARGV: lineage, new lineage, stamp, change, number of changes to keep, channel, message, stamp of the change that the message follows on
 * from; then for each record the id, the expected version and the new row, where an empty row removes the record. Returns nothing on a
 * conflict; else lineage and version.
 */
export const COMMIT = `
local head = redis.call('HMGET', KEYS[1], 'lineage', 'version', 'stamp')
if (head[1] or '') ~= ARGV[1] then return false end
if head[1] then
  for i = 9, #ARGV, 3 do
    local row = redis.call('HGET', KEYS[2], ARGV[i])
    if (row and string.match(row, '^%d+') or '0') ~= ARGV[i + 1] then return false end
  end
else
  for i = 9, #ARGV, 3 do if ARGV[i + 1] ~= '0' then return false end end
  if redis.call('EXISTS', KEYS[2], KEYS[3]) > 0 then return redis.error_reply('MAINTENANCE lost ' .. KEYS[1]) end
end
local version = string.format('%d', tonumber(head[2] or 0) + 1)
local lineage = head[1] or ARGV[2]
redis.call('XADD', KEYS[3], 'MAXLEN', ARGV[5], version .. '-0', 'stamp', ARGV[3], 'change', ARGV[4])
for i = 9, #ARGV, 3 do
  if ARGV[i + 2] == '' then redis.call('HDEL', KEYS[2], ARGV[i])
  else redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 2]) end
end
local sites = redis.call('HLEN', KEYS[2])
redis.call('HSET', KEYS[1], 'lineage', lineage, 'version', version, 'stamp', ARGV[3], 'sites', sites)
redis.call('PUBLISH', ARGV[6], ARGV[7] ~= '' and head[3] == ARGV[8] and ARGV[7] or version)
return {lineage, version}`;

/**
 * KEYS: also the new sites and changes. ARGV: expected lineage and version; new lineage, version and stamp; channel; the required numbers
 * of sites and changes.
 */
export const REPLACE = `
local head = redis.call('HMGET', KEYS[1], 'lineage', 'version')
if (head[1] or '') ~= ARGV[1] or (head[2] or '0') ~= ARGV[2] then
  redis.call('DEL', KEYS[4], KEYS[5])
  return false
end
if redis.call('HLEN', KEYS[4]) ~= tonumber(ARGV[7]) or redis.call('XLEN', KEYS[5]) ~= tonumber(ARGV[8]) then
  redis.call('DEL', KEYS[4], KEYS[5])
  return redis.error_reply('MAINTENANCE incomplete')
end
redis.call('DEL', KEYS[1])
for i = 2, 3 do
  redis.call('UNLINK', KEYS[i])
  if redis.call('EXISTS', KEYS[i + 2]) == 1 then
    redis.call('PERSIST', KEYS[i + 2])
    redis.call('RENAME', KEYS[i + 2], KEYS[i])
  end
end
local sites = redis.call('HLEN', KEYS[2])
redis.call('HSET', KEYS[1], 'lineage', ARGV[3], 'version', ARGV[4], 'stamp', ARGV[5], 'sites', sites)
redis.call('PUBLISH', ARGV[6], ARGV[4])
return {ARGV[3], ARGV[4]}`;

/** Runs a script in the server, atomically. */
export type RunScript = (
  connection: RedisConnection,
  script: string,
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<unknown>;

/** Sends the hash of a script, and its text only to a server that does not have it yet. */
export function scriptRunner(): RunScript {
  const hashes = new Map<string, string>();
  return async (connection, script, keys, args) => {
    const hash = hashes.get(script) ?? (await sha1(script));
    hashes.set(script, hash);
    const rest = [String(keys.length), ...keys, ...args.map(String)];
    try {
      return await connection.send(["EVALSHA", hash, ...rest]);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
      return connection.send(["EVAL", script, ...rest]);
    }
  };
}

async function sha1(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
