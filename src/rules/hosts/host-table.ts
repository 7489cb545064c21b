import { hashText, PlaceTable } from "../place-table.ts";

const STAR = 0x2a;

/** Finds places by hosts, in the form of `parseHost`, and by hosts that a wildcard such as `*.shop.example` covers. Holds no texts. */
export class HostTable {
  readonly #places = new PlaceTable();
  #hasWildcards = false;

  /** Adds a place for a host or wildcard, unless it has it. */
  add(host: string, place: number): void {
    // A wildcard is found by the part after `*`, which is a part of the hosts that it covers.
    const isWildcard = host.charCodeAt(0) === STAR;
    this.#hasWildcards ||= isWildcard;
    const hash = hashText(host, isWildcard ? 1 : 0);
    for (let slot = this.#places.first(hash); slot !== -1; slot = this.#places.next(hash, slot)) {
      if (this.#places.placeIn(slot) === place) return;
    }
    this.#places.add(hash, place);
  }

  /**
   * Returns the lowest place that `has` the host; with `dot`, the index of a dot in it, the lowest that has the wildcard for the domain
   * after the dot. Returns -1 if there is none.
   */
  find(host: string, dot: number, has: (place: number, owned: string) => boolean): number {
    if (dot === 0 ? host.charCodeAt(0) === STAR : !this.#hasWildcards) return -1;
    const hash = hashText(host, dot);
    let lowest = -1;
    for (let slot = this.#places.first(hash); slot !== -1; slot = this.#places.next(hash, slot)) {
      const place = this.#places.placeIn(slot);
      if (lowest !== -1 && place > lowest) continue;
      if (has(place, dot === 0 ? host : `*${host.slice(dot)}`)) lowest = place;
    }
    return lowest;
  }
}
