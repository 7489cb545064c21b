/** Settings of a process of the harness: plain data. */
export interface ProcessSettings {
  /** The name for `openStoreOf`, and the options of the store. */
  readonly store: string;
  readonly options: object;
  readonly speed: number;
}

export interface GateSettings extends ProcessSettings {
  readonly level: "strict" | "presence" | "none";
  /** The file that admitted requests are appended to. */
  readonly log: string;
}

/** One barrier that the coordinator is asked for. */
export interface BarrierRequest {
  /** Durations, by the scaled clock. */
  readonly timeout: string;
  readonly expect: number | null;
}

/** The answer of the coordinator. */
export interface BarrierOutcome {
  readonly exit: 0 | 1 | 5 | 6 | 7;
  /** Nanoseconds of the machine's monotonic clock, after the barrier has returned. */
  readonly returned: string;
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
