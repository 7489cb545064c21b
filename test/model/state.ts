/**
 * The state of the model: one member, its row, the list and the records in the store, and one or two coordinators.
 *
 * Limits. Other members are not modelled: a coordinator requires the same of each row, and members do not affect each other. Time passes in
 * ticks, each fault happens once in a run, and two coordinators are explored with a lease of one tick. There is one target, one counter of
 * requests, and no wait for a young list. `holdsAndEnds` shows that an end can always be reached, not that it always is.
 */
export interface State {
  readonly records: Records;
  /** The records before the last change, where the world has reads or failovers that return them. */
  readonly earlier: Records | null;
  readonly epoch: number;
  readonly barrier: Barrier | null;
  readonly row: Row | null;
  readonly member: Member;
  readonly renewal: Renewal | null;
  readonly a: Coordinator;
  /** `null` in a world with one coordinator. */
  readonly b: Coordinator | null;
  readonly promises: Promises;
  readonly left: FaultsLeft;
}

export type CoordinatorName = "a" | "b";

/** The side of the store that closes a site. */
export interface Records {
  readonly lineage: Lineage;
  readonly version: number;
  readonly closedBy: Closer | null;
}

export type Lineage = "first" | "after the wipe" | "copy";
export type Closer = CoordinatorName | "other";

export interface Barrier {
  readonly by: CoordinatorName;
  readonly epoch: number;
  /** Ticks since its coordinator has renewed it. */
  readonly unrenewed: number;
}

/** The member in the list. */
export interface Row {
  readonly lineage: Lineage;
  /** -1 before the first load. */
  readonly version: number;
  readonly attestsClosed: boolean;
  /** The epoch since which the member is bound; 0 if it is not. */
  readonly bound: number;
  readonly underWay: number;
  readonly evictedBy: CoordinatorName | null;
  /** It was written since a coordinator has looked at it. */
  readonly isNew: boolean;
  /** Ticks of the coordinator's clock since it has seen the row change. */
  readonly unchanged: number;
}

export interface Member {
  /**
   * `outside`: not in the list. `read`: has loaded without a row, which is a mistake. `joined`: has a row and has not loaded. `leaving`:
   * has removed its row and serves on, which is a mistake. `left`: has removed its row and admits nothing.
   */
  readonly phase: "outside" | "read" | "joined" | "in" | "leaving" | "left";
  readonly lineage: Lineage;
  readonly version: number;
  readonly closedBy: Closer | null;
  /** The end of the closure has passed by the member's wall clock. */
  readonly isPastEnd: boolean;
  /** The epoch since which it is bound; 0 if it is not. */
  readonly bound: number;
  /** The epoch of the barrier that has asked it to bind itself; 0 without one. */
  readonly asked: number;
  /** Ticks of its lease that have passed; 0 while it is not bound. */
  readonly leaseAge: number;
  /** Ticks that its clocks have missed. */
  readonly missed: number;
  /** Requests in the application: at most one. */
  readonly underWay: number;
  /** Requests that were decided and wait for something before they enter: at most one. */
  readonly deferred: number;
}

/** A renewal on its way to the store, or its answer on the way back. `age` is the number of ticks since it was sent. */
export type Renewal =
  | ({ readonly phase: "sent"; readonly age: number } & Pick<
      Row,
      "lineage" | "version" | "attestsClosed" | "bound" | "underWay"
    >)
  | {
      readonly phase: "landed";
      readonly age: number;
      readonly epoch: number;
      /** The epoch of the barrier that was on; 0 without one. */
      readonly asks: number;
    }
  | { readonly phase: "refused"; readonly age: number };

export type Coordinator =
  | { readonly phase: "idle" }
  | { readonly phase: "arming" | "armed"; readonly epoch: number; readonly lineage: Lineage }
  | { readonly phase: "closing"; readonly epoch: number; readonly lineage: Lineage; readonly version: number }
  | { readonly phase: "proven" | "ended" | "dead" };

export interface Promises {
  /** The promise of this coordinator is in force. */
  readonly a: boolean;
  readonly b: boolean;
  /** The barrier of this coordinator was proven, so that its eviction counts. */
  readonly provenA: boolean;
  readonly provenB: boolean;
}

/** The faults that can still happen. */
export interface FaultsLeft {
  readonly open: boolean;
  readonly close: boolean;
  readonly wipe: boolean;
  readonly death: boolean;
  readonly failover: boolean;
  readonly edit: boolean;
}

export const OUTSIDE: Member = {
  phase: "outside",
  lineage: "first",
  version: -1,
  closedBy: null,
  isPastEnd: false,
  bound: 0,
  asked: 0,
  leaseAge: 0,
  missed: 0,
  underWay: 0,
  deferred: 0,
};

export const NEW_ROW: Row = {
  lineage: "first",
  version: -1,
  attestsClosed: false,
  bound: 0,
  underWay: 0,
  evictedBy: null,
  isNew: true,
  unchanged: 0,
};

/** Returns the state after `changes`, without what no transition reads any more: that keeps the number of states small. */
export function after(state: State, changes: Partial<State>): State {
  const { records, earlier, epoch, barrier, row, member, renewal, a, b, promises, left } = { ...state, ...changes };
  const isClosing = a.phase === "closing" || b?.phase === "closing";
  const listMatters = isWorking(a) || a.phase === "idle" || (b !== null && (isWorking(b) || b.phase === "idle"));
  return {
    records,
    earlier,
    epoch,
    barrier,
    row: row && forgetInRow(row, isClosing, listMatters),
    member: member.bound === 0 && member.leaseAge !== 0 ? { ...member, leaseAge: 0 } : member,
    renewal: renewal && member.bound === 0 && renewal.age !== 0 ? { ...renewal, age: 0 } : renewal,
    a,
    b,
    promises,
    left,
  };
}

function forgetInRow(row: Row, isClosing: boolean, listMatters: boolean): Row {
  if (isClosing) return row;
  if (listMatters) return row.isNew || row.unchanged !== 0 ? { ...row, isNew: false, unchanged: 0 } : row;
  const { evictedBy } = row;
  return { ...NEW_ROW, version: 0, isNew: false, evictedBy };
}

export function isWorking(coordinator: Coordinator): boolean {
  const { phase } = coordinator;
  return phase === "arming" || phase === "armed" || phase === "closing";
}

/** The lineage and the version are those of the closure or later ones of it. */
export function isFollowing(seen: Pick<Records, "lineage" | "version">, closure: Pick<Records, "lineage" | "version">) {
  return seen.lineage === closure.lineage && seen.version >= closure.version;
}
