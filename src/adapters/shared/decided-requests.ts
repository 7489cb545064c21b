import type { GateInternals } from "../../gate/internals.ts";

/** By gate, the requests that it has decided on, or has left undecided to the middleware inside the application. */
const taken = new WeakMap<GateInternals, WeakMap<object, "decided" | "left">>();
const insides = new WeakMap<object, GateInternals>();
const gatesWithInside = new WeakSet<GateInternals>();

/** Remembers that `gate` has decided on `request`, so that no adapter behind this one decides again. */
export function markDecided(gate: GateInternals, request: object): void {
  mark(gate, request, "decided");
}

/** Remembers that a guard of `gate` has left `request` to the middleware, so that it is not guarded again on its way there. */
export function markLeft(gate: GateInternals, request: object): void {
  mark(gate, request, "left");
}

function mark(gate: GateInternals, request: object, as: "decided" | "left"): void {
  const requests = taken.get(gate);
  if (requests === undefined) taken.set(gate, new WeakMap([[request, as]]));
  else requests.set(request, as);
}

export function isDecided(gate: GateInternals, request: object): boolean {
  return taken.get(gate)?.get(request) === "decided";
}

/** Whether `gate` has decided on `request` or left it to the middleware. */
export function isTaken(gate: GateInternals, request: object): boolean {
  return taken.get(gate)?.has(request) === true;
}

/** Registers `middleware` as one that decides for `gate`, so that a guard in front finds it in the application. */
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
