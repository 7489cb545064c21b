/** An immutable map. A changed copy shares all but the shards that changed, so that one change among 100,000 costs microseconds. */
export interface ShardedMap<V> {
  get(key: string): V | undefined;
  readonly size: number;
  /** First removes, then adds; a key that is still there keeps its value. The map itself stays as it is. */
  with(removed: Iterable<string>, added: Iterable<readonly [string, V]>): ShardedMap<V>;
}

/** Below this, copying the whole map is as good, and finding a key does not need its shard. */
const SINGLE_SHARD_LIMIT = 4096;
const SHARDS = 256;

/** Of two entries with the same key the first stays. */
export function createShardedMap<V>(entries: Iterable<readonly [string, V]>): ShardedMap<V> {
  return shardedMap<V>([new Map()]).with([], entries);
}

function shardedMap<V>(shards: readonly ReadonlyMap<string, V>[]): ShardedMap<V> {
  const [single] = shards;
  const size = shards.reduce((sum, shard) => sum + shard.size, 0);
  return {
    size,
    get:
      shards.length === 1 && single !== undefined ? (key) => single.get(key) : (key) => shards[shardOf(key)]?.get(key),
    with: (removed, added) => shardedMap(changed(shards, removed, added)),
  };
}

function changed<V>(
  shards: readonly ReadonlyMap<string, V>[],
  removed: Iterable<string>,
  added: Iterable<readonly [string, V]>,
): readonly ReadonlyMap<string, V>[] {
  const copies = new Map<number, Map<string, V>>();
  const copyFor = (key: string): Map<string, V> => {
    const position = shards.length === 1 ? 0 : shardOf(key);
    let copy = copies.get(position);
    if (copy === undefined) {
      copy = new Map(shards[position]);
      copies.set(position, copy);
    }
    return copy;
  };
  for (const key of removed) copyFor(key).delete(key);
  for (const [key, value] of added) {
    const copy = copyFor(key);
    if (!copy.has(key)) copy.set(key, value);
  }
  const [single] = copies.values();
  if (shards.length === 1 && single !== undefined && single.size > SINGLE_SHARD_LIMIT) return split(single);
  return shards.map((shard, position) => copies.get(position) ?? shard);
}

function split<V>(entries: ReadonlyMap<string, V>): readonly ReadonlyMap<string, V>[] {
  const shards = Array.from({ length: SHARDS }, () => new Map<string, V>());
  for (const [key, value] of entries) shards[shardOf(key)]?.set(key, value);
  return shards;
}

/** FNV-1a, folded: host names of one owner often differ in one character anywhere. */
function shardOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) & (SHARDS - 1);
}
