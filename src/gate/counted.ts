import type { Admit, Allow } from "../engine/decide/decision.ts";
import type { UnderWay } from "../fleet/under-way.ts";
import type { RequestWork } from "../fleet/work.ts";

/** The member of a request that holds its work. A registered symbol: adapters of another copy of this package find it too. */
const COUNTED: unique symbol = Symbol.for("maintenance-mode.counted");

/** A request that a gate counts, or several gates. */
interface Countable {
  [COUNTED]?: RequestWork | undefined;
}

interface Counting {
  readonly underWay: UnderWay | null;
}

/** Returns the work of `request` in the list of the gate that counted it last; `other` leads to those before. */
export function firstWorkOf(request: object): RequestWork | null {
  const countable: Countable = request;
  return countable[COUNTED] ?? null;
}

/** Returns the work of `request` in the list of `gate`, also if it has ended. */
export function workOf({ underWay }: Counting, request: object): RequestWork | null {
  let work = firstWorkOf(request);
  while (work !== null && work.list !== underWay) work = work.other;
  return work;
}

/** Adds `work` to the list of a gate, and to its request. */
export function beginWork(list: UnderWay, request: object, work: RequestWork): void {
  const countable: Countable = request;
  work.other = countable[COUNTED] ?? null;
  countable[COUNTED] = work;
  list.add(work);
}

/** The application gets a request that waited for this decision. */
export function enterWork(gate: Counting, request: object, decision: Allow | Admit): void {
  const work = workOf(gate, request);
  if (work === null) return;
  work.isEntered = true;
  work.decision = decision;
}

/** A request that is blocked does not count, for no gate. */
export function uncount(request: object): void {
  for (let work = firstWorkOf(request); work !== null; work = work.other) work.end();
}
