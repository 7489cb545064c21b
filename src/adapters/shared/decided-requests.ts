import { MaintenanceError } from "../../errors.ts";
import type { Gate } from "../../gate.ts";

const decided = new WeakMap<Gate, WeakSet<object>>();
const insides = new WeakMap<object, Gate>();
const gatesWithInside = new WeakSet<Gate>();

/** Remembers that `gate` has decided on `request`, so that no adapter behind this one decides again. */
export function markDecided(gate: Gate, request: object): void {
  const requests = decided.get(gate);
  if (requests === undefined) decided.set(gate, new WeakSet([request]));
  else requests.add(request);
}

export function isDecided(gate: Gate, request: object): boolean {
  return decided.get(gate)?.has(request) === true;
}

/** Remembers that `middleware` decides for `gate`, so that a guard in front recognizes it among what is mounted. */
export function registerInside(middleware: object, gate: Gate): void {
  insides.set(middleware, gate);
  gatesWithInside.add(gate);
}

/** Whether middleware decides for `gate` anywhere in this process. */
export function hasInside(gate: Gate): boolean {
  return gatesWithInside.has(gate);
}

export function decidesFor(gate: Gate, middleware: object): boolean {
  return insides.get(middleware) === gate;
}

/** For callers without a type checker: `adapter` is given something that is no gate. Throws `ERR_INVALID_OPTION`. */
export function requireGate(adapter: string, gate: unknown): void {
  if (typeof gate === "object" && gate !== null && "settle" in gate && "snapshot" in gate) return;
  throw new MaintenanceError("ERR_INVALID_OPTION", `${adapter}: '${String(gate)}' is not a gate.`, {
    hint: "Make one with createGate(options), and hand it over.",
  });
}
