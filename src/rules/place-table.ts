/** Returns a hash of 32 bits of `text` from the index `from` on. */
export function hashText(text: string, from = 0): number {
  let hash = 0x811c9dc5;
  for (let index = from; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

const MIN_SLOTS = 16;
/** Above this share of used slots the table is copied to one of twice the size. */
const MAX_LOAD = 0.8;

/**
 * Finds places, numbers from 0, by the hashes of their texts: an open-addressed table of eight bytes a slot, without the texts. Places are
 * only added. Two texts can have the same hash, so the caller compares the text of each place that is found.
 */
export class PlaceTable {
  /** Pairs: a hash, and a place plus 1; 0 is a free slot. */
  #slots = new Uint32Array(2 * MIN_SLOTS);
  #used = 0;

  add(hash: number, place: number): void {
    if (this.#used >= MAX_LOAD * (this.#slots.length / 2)) this.#grow();
    put(this.#slots, hash, place + 1);
    this.#used += 1;
  }

  /** Returns the first slot with this hash; -1 if there is none. */
  first(hash: number): number {
    return this.#find(hash, slotOf(hash, this.#slots));
  }

  /** Returns the slot with this hash that follows `slot`; -1 if there is none. */
  next(hash: number, slot: number): number {
    return this.#find(hash, (slot + 2) % this.#slots.length);
  }

  placeIn(slot: number): number {
    return (this.#slots[slot + 1] ?? 0) - 1;
  }

  #find(hash: number, from: number): number {
    const slots = this.#slots;
    for (let slot = from; slots[slot + 1] !== 0; slot = (slot + 2) % slots.length) {
      if (slots[slot] === hash) return slot;
    }
    return -1;
  }

  #grow(): void {
    const slots = new Uint32Array(2 * this.#slots.length);
    for (let slot = 0; slot < this.#slots.length; slot += 2) {
      const place = this.#slots[slot + 1] ?? 0;
      if (place !== 0) put(slots, this.#slots[slot] ?? 0, place);
    }
    this.#slots = slots;
  }
}

function slotOf(hash: number, slots: Uint32Array): number {
  return 2 * (hash & (slots.length / 2 - 1));
}

function put(slots: Uint32Array, hash: number, place: number): void {
  let slot = slotOf(hash, slots);
  while (slots[slot + 1] !== 0) slot = (slot + 2) % slots.length;
  slots[slot] = hash;
  slots[slot + 1] = place;
}
