import type { GateInternals } from "../../gate/internals.ts";

const decided = new WeakMap<GateInternals, WeakSet<object>>();
const insides = new WeakMap<object, GateInternals>();
const gatesWithInside = new WeakSet<GateInternals>();

/** Remembers that `gate` has decided on `request`, so that no adapter behind this one decides again. */
export function markDecided(gate: GateInternals, request: object): void {
  const requests = decided.get(gate);
  if (requests === undefined) decided.set(gate, new WeakSet([request]));
  else requests.add(request);
}

export function isDecided(gate: GateInternals, request: object): boolean {
  return decided.get(gate)?.has(request) === true;
}

/** Remembers that `middleware` decides for `gate`, so that a guard in front recognizes it among what is mounted. */
export function registerInside(middleware: object, gate: GateInternals): void {
  insides.set(middleware, gate);
  gatesWithInside.add(gate);
}

/** Whether middleware decides for `gate` anywhere in this process. */
export function hasInside(gate: GateInternals): boolean {
  return gatesWithInside.has(gate);
}

export function decidesFor(gate: GateInternals, middleware: object): boolean {
  return insides.get(middleware) === gate;
}
