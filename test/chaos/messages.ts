/** A call of the store at which a process can be held. */
export type Step = CoordinatorStep | GateStep;
/** In the order of a barrier that succeeds. `wake` and `close` are commits, `closing` and `prove` the phases of the barrier. */
export type CoordinatorStep = "arm" | "wake" | "list" | "closing" | "close" | "evict" | "prove" | "end";
export type GateStep = "join" | "renew" | "read";

/** A moment of a process: right before or after the `nth` call of a kind. */
export interface Hold {
  readonly id: number;
  readonly step: Step;
  readonly when: "before" | "after";
  readonly nth: number;
}

export interface StoreSettings {
  /** The name for `openStoreOf`, and the options of the store. */
  readonly store: string;
  readonly options: object;
  /** How many times as fast as the machine's clock that of the process runs. */
  readonly speed: number;
}

export interface CoordinatorSettings extends StoreSettings {
  readonly role: "coordinator";
}

export interface GateSettings extends StoreSettings {
  readonly role: "gate";
  readonly level: Level | "none";
  /** The file that admitted requests are appended to. */
  readonly log: string;
  /** A gate without one breaks a promise: the harness has to find it. */
  readonly hasFence: boolean;
}

export type Level = "strict" | "presence";

/** The messages to a process. */
export type Order =
  | { readonly kind: "begin"; readonly settings: GateSettings | CoordinatorSettings }
  | { readonly kind: "hold"; readonly holds: readonly Hold[] }
  | { readonly kind: "go"; readonly id: number }
  /** Stops itself, at once or when the next request has entered the application. `sleeps`: its monotonic clock stands still meanwhile. */
  | { readonly kind: "stop"; readonly at: "once" | "application" | "never"; readonly sleeps: boolean }
  | { readonly kind: "wall"; readonly by: number }
  | { readonly kind: "monotonic"; readonly runs: boolean }
  | { readonly kind: "store"; readonly state: "reached" | "away" | "loses an answer" }
  | { readonly kind: "close"; readonly request: BarrierRequest };

/** The messages of a process. */
export type Report =
  | { readonly kind: "loaded" }
  /** `port`: 0 for a coordinator. */
  | { readonly kind: "ready"; readonly port: number }
  | { readonly kind: "reached"; readonly id: number }
  | { readonly kind: "stopping" }
  | { readonly kind: "outcome"; readonly outcome: BarrierOutcome };

/** One barrier that the coordinator is asked for. */
export interface BarrierRequest {
  /** A duration, by the scaled clock. */
  readonly timeout: string;
  readonly expect: number | null;
}

/** The answer of the coordinator. */
export interface BarrierOutcome {
  readonly exit: 0 | 1 | 5 | 6 | 7;
  /** Nanoseconds of the machine's monotonic clock, after the barrier has returned. */
  readonly returned: string;
  /** When it has last begun to read the state, of which it has seen every earlier change. */
  readonly looked: string;
  /** The pids of the processes that were evicted. */
  readonly evicted: readonly number[];
  /** Why the exit is not 0. */
  readonly reasons: readonly string[];
}

/** Nanoseconds of `CLOCK_MONOTONIC`, which all processes of the machine share. */
export function machineTime(): bigint {
  return process.hrtime.bigint();
}

export const SITE = "shop";
export const HOST = "shop.example";
