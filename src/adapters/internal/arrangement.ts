import type { Block } from "../../engine/decision.ts";
import type { ResponsePlan } from "../../engine/response-plan.ts";
import type { Gate } from "../../gate.ts";

/** A framework's own middleware that holds a gate. */
export interface Inside {
  /** Whether the route that will answer is forced open; `null` until a request has shown the middleware the app that it is in. */
  lookAhead: ((method: string, target: string) => boolean) | null;
}

/** A request that the front has blocked, and that the inside answers: with the framework's view. */
export interface Handed {
  readonly block: Block;
  readonly plan: ResponsePlan;
}

/** Who stands where for one gate, and what they have done. */
interface Arrangement {
  readonly decided: WeakSet<object>;
  readonly handed: WeakMap<object, Handed>;
  readonly insides: Inside[];
}

const arrangements = new WeakMap<Gate, Arrangement>();

function arrangementOf(gate: Gate): Arrangement {
  let arrangement = arrangements.get(gate);
  if (arrangement === undefined) {
    arrangement = { decided: new WeakSet(), handed: new WeakMap(), insides: [] };
    arrangements.set(gate, arrangement);
  }
  return arrangement;
}

/** Says that a framework's own middleware holds this gate too: a front may then pass on what only the inside can decide. */
export function registerInside(gate: Gate): Inside {
  const inside: Inside = { lookAhead: null };
  arrangementOf(gate).insides.push(inside);
  return inside;
}

export function insidesOf(gate: Gate): readonly Inside[] {
  return arrangements.get(gate)?.insides ?? [];
}

/** Remembers that this gate has decided on `request`, so that nobody behind decides again. */
export function markDecided(gate: Gate, request: object): void {
  arrangementOf(gate).decided.add(request);
}

export function isDecided(gate: Gate, request: object): boolean {
  return arrangements.get(gate)?.decided.has(request) === true;
}

/** Leaves the answer to the inside, which need not decide again. */
export function handOver(gate: Gate, request: object, handed: Handed): void {
  arrangementOf(gate).handed.set(request, handed);
}

export function handedOver(gate: Gate, request: object): Handed | undefined {
  return arrangements.get(gate)?.handed.get(request);
}
