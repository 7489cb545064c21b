import type { Gate } from "../../gate.ts";

/** Who stands where for one gate, and what they have done. */
interface Arrangement {
  readonly decided: WeakSet<object>;
  hasInside: boolean;
}

const arrangements = new WeakMap<Gate, Arrangement>();

function arrangementOf(gate: Gate): Arrangement {
  let arrangement = arrangements.get(gate);
  if (arrangement === undefined) {
    arrangement = { decided: new WeakSet(), hasInside: false };
    arrangements.set(gate, arrangement);
  }
  return arrangement;
}

/** Says that a framework's own middleware holds this gate too: a front may then pass on what only the inside can decide. */
export function registerInside(gate: Gate): void {
  arrangementOf(gate).hasInside = true;
}

export function hasInside(gate: Gate): boolean {
  return arrangements.get(gate)?.hasInside === true;
}

/** Remembers that this gate has decided on `request`, so that nobody behind decides again. */
export function markDecided(gate: Gate, request: object): void {
  arrangementOf(gate).decided.add(request);
}

export function isDecided(gate: Gate, request: object): boolean {
  return arrangements.get(gate)?.decided.has(request) === true;
}
