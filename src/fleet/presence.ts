import { type Clock, monotonic } from "../clock.ts";
import { withinDeadline } from "../deadline.ts";
import { MaintenanceError, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { HeldRow, MemberCallOptions, MemberList, Membership, MemberText } from "../stores/members.ts";
import { removeDeadRows } from "./dead-rows.ts";
import {
  type FleetLevel,
  type MemberRow,
  type ProcessIdentity,
  RENEWAL_MS,
  SLOW_RENEWAL_MS,
  serializeRow,
} from "./row.ts";

/** Time limit of one call of the list. */
const MAX_CALL_MS = 10_000;
/** Time limit of leaving the list. */
const MAX_LEAVE_MS = 2_000;
/** Delay after the first failure; then doubled each time, up to the interval of the renewals. */
const RETRY_MS = 1_000;
/** Milliseconds over which the renewals of all gates are spread after a change. */
const SPREAD_MS = 250;
/** Least milliseconds between two renewals. */
const MIN_PAUSE_MS = 1_000;

/** The facts about its process that a gate can read. */
export interface ProcessDescription {
  readonly process: ProcessIdentity;
  /** `node 24.21.0`. */
  readonly runtime: string;
  /** Version of this package. */
  readonly library: string;
}

/** The members of a row that the gate itself knows. */
export type GateReading = Pick<MemberRow, "position" | "override" | "groups" | "underWay">;

export interface PresenceOptions extends ProcessDescription {
  readonly members: MemberList;
  /** Name of the store, for messages. */
  readonly name: string;
  readonly level: FleetLevel;
  readonly label: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  /** Returns a random id. */
  readonly mintId: () => string;
  /** Returns the present state of the gate. */
  readonly read: () => GateReading;
  /** Reads the state once more; resolves with whether that succeeded. Never rejects. */
  readonly refresh: () => Promise<boolean>;
  /** Returns whether a process is alive; `undefined` if it cannot be checked from `space`. */
  readonly isAlive: (process: ProcessIdentity, space: string) => boolean | undefined;
}

/** The row of a gate in the list of processes. */
export interface PresenceStatus {
  readonly level: FleetLevel;
  /** Id of the list; `null` while the gate is not in it. */
  readonly list: string | null;
  /** Id of the row; `null` while the gate is not in the list. */
  readonly row: string | null;
  /** Why the row could not be written or renewed; `null` if the last attempt succeeded. */
  readonly error: MaintenanceError | null;
}

/** Keeps the row of a gate in the list of processes. No failure of the list reaches the gate. */
export interface Presence {
  /** Joins the list. */
  start(): void;
  /** Call it when the gate has another position: the row is renewed soon. */
  moved(): void;
  /** Call it with the time by which a timer of the process was late, in milliseconds. */
  paused(milliseconds: number): void;
  status(): PresenceStatus;
  /** Leaves the list. Resolves within two seconds, and never rejects. Idempotent. */
  close(): Promise<void>;
}

export function createPresence(options: PresenceOptions): Presence {
  const { members, clock, logger, random, mintId } = options;
  const interval = members.isSlow === true ? SLOW_RENEWAL_MS : RENEWAL_MS;
  const ending = new AbortController();
  let id = mintId();
  let prior: string | null = null;
  let held: HeldRow | null = null;
  /** A renewal that was sent and not answered: it may have been written, so that only the same text can follow. */
  let unanswered: MemberText | null = null;
  /** The state was read after the row was listed. */
  let isConfirmed = false;
  let confirming = false;
  let wallOffset: number | null = null;
  let loopDelay = 0;
  let failures = 0;
  let error: MaintenanceError | null = null;
  let working: Promise<void> | null = null;
  /** The row is behind the gate. */
  let isBehind = false;
  let lastSent = Number.NEGATIVE_INFINITY;
  /** When the next attempt is due, on the monotonic clock. */
  let due = Number.POSITIVE_INFINITY;
  let cancelTimer = (): void => {};
  let closed = false;

  function run(): void {
    due = Number.POSITIVE_INFINITY;
    working = attempt().finally(() => {
      working = null;
      if (!closed) wait(pause());
    });
  }

  async function attempt(): Promise<void> {
    lastSent = monotonic(clock);
    isBehind = false;
    try {
      if (held === null) await join();
      else await renew(held);
      if (error !== null) logger.info(`${options.name}: this process is in the list of processes again.`);
      error = null;
      failures = 0;
    } catch (thrown) {
      if (closed) return;
      fail(thrown);
    }
  }

  async function join(): Promise<void> {
    // The answer to an earlier attempt may have been lost.
    if (failures > 0) await call((signal) => members.leave(id, 1, signal));
    isConfirmed = false;
    const sent = clock.now();
    const joined = await call((signal) => members.join({ id, text: text() }, signal));
    accept(joined, sent);
    void removeDeadRows(options, call).catch((thrown: unknown) => {
      logger.debug(`The rows of dead processes could not be removed: ${messageOf(thrown)}`);
    });
  }

  async function renew(row: HeldRow): Promise<void> {
    const isRepeated = unanswered !== null;
    const next = unanswered ?? { id, text: text() };
    unanswered = next;
    const sent = clock.now();
    const answer = await call((signal) => members.renew(next, row, signal));
    unanswered = null;
    if (answer.ok) {
      accept(answer, sent);
      if (isRepeated) isBehind = true;
      return;
    }
    held = null;
    prior = id;
    id = mintId();
    failures = 0;
    await join();
  }

  function accept({ list, seq, now }: Membership, sent: number): void {
    held = { list, seq };
    wallOffset = now === null ? null : Math.round((sent + clock.now()) / 2 - now);
    if (!isConfirmed) void confirm();
  }

  /** A state that was loaded before the row was listed may lack a change of which its writer did not see this process. */
  async function confirm(): Promise<void> {
    if (confirming) return;
    confirming = true;
    const row = id;
    const isRead = await options.refresh();
    confirming = false;
    if (isRead && row === id) isConfirmed = true;
    if (row !== id && held !== null) void confirm();
  }

  function text(): string {
    const row: MemberRow = {
      prior,
      process: options.process,
      label: options.label,
      library: options.library,
      runtime: options.runtime,
      level: options.level,
      state: "in",
      clocks: clock.monotonic === undefined ? ["wall"] : ["monotonic", "wall"],
      bound: 0,
      renews: interval,
      attests: [],
      wallOffset,
      loopDelay,
      ...options.read(),
    };
    loopDelay = 0;
    return serializeRow(row);
  }

  function call<Value>(work: (options: MemberCallOptions) => Promise<Value>): Promise<Value> {
    const deadline = { name: options.name, milliseconds: MAX_CALL_MS, signal: ending.signal, clock };
    return withinDeadline(deadline, (signal) => work({ signal }));
  }

  function fail(thrown: unknown): void {
    failures += 1;
    const cause =
      thrown instanceof MaintenanceError
        ? thrown
        : new MaintenanceError("ERR_STORE_UNAVAILABLE", messageOf(thrown), { cause: thrown });
    if (cause.message !== error?.message) {
      logger.warn(
        `This process could not be written to the list of processes, which is tried again; requests are not affected. ${cause.message} ${cause.hint}`,
      );
    }
    error = cause;
  }

  /** Returns the milliseconds until the next attempt. */
  function pause(): number {
    const jitter = 0.9 + 0.2 * random();
    if (failures > 0) return Math.min(RETRY_MS * 2 ** (failures - 1), interval) * jitter;
    return isBehind ? soon() : interval * jitter;
  }

  function soon(): number {
    return Math.max(SPREAD_MS * random(), lastSent + MIN_PAUSE_MS - monotonic(clock));
  }

  function wait(delay: number): void {
    if (monotonic(clock) + delay >= due) return;
    cancelTimer();
    due = monotonic(clock) + delay;
    cancelTimer = clock.setTimer(run, delay);
  }

  return {
    start: run,
    moved() {
      isBehind = true;
      if (closed || working !== null || failures > 0) return;
      wait(soon());
    },
    paused(milliseconds) {
      loopDelay = Math.max(loopDelay, Math.round(milliseconds));
    },
    status: () => ({ level: options.level, list: held?.list ?? null, row: held === null ? null : id, error }),
    async close() {
      if (closed) return;
      closed = true;
      cancelTimer();
      const deadline = { name: options.name, milliseconds: MAX_LEAVE_MS, clock };
      await withinDeadline(deadline, async (signal) => {
        // A row that is being written could not be removed yet.
        await working;
        const seq = held?.seq ?? 1;
        if (unanswered !== null) await members.leave(id, seq + 1, { signal });
        await members.leave(id, seq, { signal });
      }).catch((thrown: unknown) => {
        logger.debug(`${options.name}: the row of this process could not be removed: ${messageOf(thrown)}`);
      });
      ending.abort();
    },
  };
}
