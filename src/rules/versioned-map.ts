import { hashText, PlaceTable } from "./place-table.ts";

interface Keyed {
  readonly id: string;
}

/** The places of the ids. Shared by all versions of a map; places are only added. */
interface Index {
  readonly places: PlaceTable;
  count: number;
}

/** Values by place; `null` or absent if this version has no value there. */
type Chunk<V> = readonly (V | null)[];

const CHUNK_BITS = 8;
const CHUNK_MASK = 2 ** CHUNK_BITS - 1;
const NO_VALUES: readonly never[] = [];
/** Number of places without a value that is accepted before a new index is built. */
const MAX_UNUSED = 1_024;

/**
 * An immutable map of values by their ids, in insertion order. A changed copy shares all chunks but the changed ones: one change among
 * 100,000 values takes microseconds. Besides the values it takes some 20 bytes each: the index holds hashes, and the ids are read from
 * the values.
 */
export class VersionedMap<V extends Keyed> implements ReadonlyMap<string, V> {
  readonly size: number;
  readonly #index: Index;
  readonly #chunks: readonly Chunk<V>[];

  private constructor(index: Index, chunks: readonly Chunk<V>[], size: number) {
    this.#index = index;
    this.#chunks = chunks;
    this.size = size;
  }

  /** Of two values with the same id, the last applies. */
  static of<V extends Keyed>(values: Iterable<V> = []): VersionedMap<V> {
    const empty = new VersionedMap<V>({ places: new PlaceTable(), count: 0 }, [], 0);
    const changes: (readonly [string, V])[] = [];
    for (const value of values) changes.push([value.id, value]);
    return empty.with(changes);
  }

  get(id: string): V | undefined {
    const place = this.placeOf(id);
    return place === -1 ? undefined : this.at(place);
  }

  has(id: string): boolean {
    return this.placeOf(id) !== -1;
  }

  /** Returns a number that identifies the id in every version of this map that has it; -1 if this version does not. */
  placeOf(id: string): number {
    return placeOf(this.#index.places, id, hashText(id), (place) => this.at(place));
  }

  at(place: number): V | undefined {
    return this.#chunks[place >>> CHUNK_BITS]?.[place & CHUNK_MASK] ?? undefined;
  }

  /** Whether `other` is a version of the same map, with the same places. */
  isAkin(other: VersionedMap<V>): boolean {
    return this.#index === other.#index;
  }

  /**
   * Returns a map in which these ids have these values; `null` removes the value. An id that stays keeps its place. Calls `changed` for each
   * value that is not the same.
   */
  with(
    changes: Iterable<readonly [id: string, value: V | null]>,
    changed?: (place: number, before: V | null, after: V | null) => void,
  ): VersionedMap<V> {
    const index = this.#index;
    const copies = new Map<number, (V | null)[]>();
    let { size } = this;
    const at = (place: number): V | undefined => {
      const position = place >>> CHUNK_BITS;
      return (copies.get(position) ?? this.#chunks[position])?.[place & CHUNK_MASK] ?? undefined;
    };
    const put = (place: number, value: V | null): void => {
      const position = place >>> CHUNK_BITS;
      const copy = copies.get(position) ?? this.#chunks[position]?.slice() ?? [];
      copies.set(position, copy);
      while (copy.length < (place & CHUNK_MASK)) copy.push(null);
      copy[place & CHUNK_MASK] = value;
    };
    for (const [id, value] of changes) {
      if (value === null && size === 0) continue;
      const hash = hashText(id);
      let place = placeOf(index.places, id, hash, at);
      const before = place === -1 ? null : (at(place) ?? null);
      if (before === value) continue;
      if (place === -1) {
        place = index.count++;
        index.places.add(hash, place);
      }
      size += (value === null ? 0 : 1) - (before === null ? 0 : 1);
      put(place, value);
      changed?.(place, before, value);
    }
    if (copies.size === 0) return this;
    const next = new VersionedMap(index, replaced(this.#chunks, copies), size);
    return index.count > 2 * size + MAX_UNUSED ? VersionedMap.of(next.values()) : next;
  }

  /** Returns the keys that `changedKeys` returns. Between versions of one map it is nearly free. */
  changedSince(before: ReadonlyMap<string, V>): readonly string[] {
    if (!(before instanceof VersionedMap) || before.#index !== this.#index) return differingKeys(before, this);
    const changed = new Set<string>();
    const [oldChunks, ownChunks] = [before.#chunks, this.#chunks];
    const count = Math.max(oldChunks.length, ownChunks.length);
    for (let position = 0; position < count; position++) {
      const [old, own] = [oldChunks[position] ?? NO_VALUES, ownChunks[position] ?? NO_VALUES];
      if (old === own) continue;
      for (let offset = 0; offset < Math.max(old.length, own.length); offset++) {
        const [was, is] = [old[offset] ?? null, own[offset] ?? null];
        if (was !== is) changed.add((was ?? is)?.id ?? "");
      }
    }
    // Of two copies of one map, each may have given an id another place.
    return [...changed].filter((id) => before.get(id) !== this.get(id));
  }

  forEach(callback: (value: V, id: string, map: ReadonlyMap<string, V>) => void): void {
    for (const value of this.values()) callback(value, value.id, this);
  }

  *values(): Generator<V, undefined> {
    for (const chunk of this.#chunks) for (const value of chunk) if (value !== null) yield value;
  }

  *keys(): Generator<string, undefined> {
    for (const { id } of this.values()) yield id;
  }

  *entries(): Generator<[string, V], undefined> {
    for (const value of this.values()) yield [value.id, value];
  }

  [Symbol.iterator](): Generator<[string, V], undefined> {
    return this.entries();
  }
}

/** Returns the place of the value with this id; -1 if there is none. A place without a value belonged to an id that was removed. */
function placeOf(places: PlaceTable, id: string, hash: number, at: (place: number) => Keyed | undefined): number {
  for (let slot = places.first(hash); slot !== -1; slot = places.next(hash, slot)) {
    const place = places.placeIn(slot);
    if (at(place)?.id === id) return place;
  }
  return -1;
}

/** Returns the keys whose value differs between `before` and `after`, or that only one of them has. */
function differingKeys<V>(before: ReadonlyMap<string, V>, after: ReadonlyMap<string, V>): readonly string[] {
  const changed = [...after].filter(([key, value]) => before.get(key) !== value).map(([key]) => key);
  return [...changed, ...[...before.keys()].filter((key) => !after.has(key))];
}

function replaced<V>(chunks: readonly Chunk<V>[], copies: ReadonlyMap<number, Chunk<V>>): readonly Chunk<V>[] {
  const all = chunks.slice();
  for (const [position, copy] of copies) {
    while (all.length < position) all.push(NO_VALUES);
    all[position] = copy;
  }
  return all;
}
