import { type Clock, monotonic } from "../clock.ts";
import { withinDeadline } from "../deadline.ts";
import type { Fence } from "../engine/decide/fence.ts";
import { MaintenanceError, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Barrier, HeldRow, MemberCallOptions, MemberList, Membership, MemberText } from "../stores/members.ts";
import { LEASE_MS, SLOW_FACTOR } from "./barrier.ts";
import { bindingOnly } from "./barrier-fence.ts";
import { removeDeadRows } from "./dead-rows.ts";
import { Lease, type LeaseClock, type Moment } from "./lease.ts";
import {
  type Attest,
  type FleetLevel,
  type MemberRow,
  type ProcessIdentity,
  RENEWAL_MS,
  SLOW_RENEWAL_MS,
  serializeRow,
  type UnderWayCounts,
} from "./row.ts";
import { Sweep, sweepBarrier } from "./sweep.ts";

/** Time limit of one call of the list. */
const MAX_CALL_MS = 10_000;
/** Time limit of leaving the list. */
const MAX_LEAVE_MS = 2_000;
/** Delay after the first failure; then doubled each time, up to the interval of the renewals. */
const RETRY_MS = 1_000;
/** Milliseconds over which the renewals of all gates are spread after a change. */
const SPREAD_MS = 250;
/** Least milliseconds between two renewals while no barrier is on. */
const MIN_PAUSE_MS = 1_000;
/** Milliseconds between two checks of whether the work under way has ended. */
const DRAIN_CHECK_MS = 100;

/** The process of a gate. */
export interface ProcessDescription {
  readonly process: ProcessIdentity;
  /** `node 24.21.0`. */
  readonly runtime: string;
  /** Version of this package. */
  readonly library: string;
  /** Returns the milliseconds since the machine has started, by a clock that counts while it sleeps; `null` if there is none. */
  readonly uptime: (() => number) | null;
}

/** The members of a row that the gate itself knows. */
export type GateReading = Pick<MemberRow, "state" | "position" | "override" | "groups" | "underWay">;

/** The side of a gate that its presence reports. */
export interface PresentGate {
  /** Returns the present state of the gate. */
  readonly read: () => GateReading;
  /** Returns what visitors of the targets of a barrier get. `isConfirmed`: the state was read after the row was listed. */
  readonly attest: (barrier: Barrier, isConfirmed: boolean) => Attest;
  /** Reads the state once more; resolves with whether that succeeded. Never rejects. */
  readonly refresh: () => Promise<boolean>;
  /** Called when `isBinding` or `barriers` may have changed. */
  readonly onBarriers: () => void;
}

export interface PresenceOptions extends ProcessDescription, PresentGate {
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

/** Keeps the row of a gate in the list of processes. No failure of the list reaches a gate that is neither strict nor bound. */
export interface Presence {
  /** The barriers that are on, as far as this process knows. */
  readonly barriers: readonly Barrier[];
  /** Whether `fence` can change at any time, so that each request has to be decided. */
  readonly isBinding: boolean;
  /** The gate was closed while it was strict or bound: it lets nothing in any more. */
  readonly isLatched: boolean;
  /** Joins the list. */
  start(): void;
  /** Resolves once the gate is in the list and has read the state since. */
  listed(): Promise<void>;
  /** Returns the sites that count as closed at this moment; `null` if there are none. Reads clocks. */
  fence(): Fence | null;
  /** Call it when the gate has another position: the row is renewed soon. */
  moved(): void;
  /** Call it with the time by which a timer of the process was late, in milliseconds. */
  paused(milliseconds: number): void;
  status(): PresenceStatus;
  /** Leaves the list. Resolves within two seconds, and never rejects. Idempotent. */
  close(): Promise<void>;
}

const EVERYTHING: Fence = [{ site: "*", mode: "closed", scope: null }];

export function createPresence(options: PresenceOptions): Presence {
  const { members, clock, logger, random, mintId, level } = options;
  const factor = members.isSlow === true ? SLOW_FACTOR : 1;
  const clocks = leaseClocks(options);
  const lease = new Lease(clocks, LEASE_MS * factor);
  const sweep = new Sweep(clock, random, factor);
  const ending = new AbortController();
  let id = mintId();
  let prior: string | null = null;
  let held: HeldRow | null = null;
  /** A renewal that was not answered: it may have been written, so that only the same text can follow, and the lease runs from it. */
  let unanswered: { readonly member: MemberText; readonly sent: Moment } | null = null;
  /** The state was read after the row was listed. */
  let isConfirmed = false;
  let confirming = false;
  let onListed = (): void => {};
  const listed = new Promise<void>((resolve) => {
    onListed = resolve;
  });
  let wallOffset: number | null = null;
  let loopDelay = 0;
  let failures = 0;
  let error: MaintenanceError | null = null;
  let working: Promise<void> | null = null;
  /** The row is behind the gate. */
  let isBehind = false;
  /** The row says that work is under way for which a barrier waits. */
  let isBusy = false;
  let lastSent = Number.NEGATIVE_INFINITY;
  /** When the next attempt is due, on the monotonic clock. */
  let due = Number.POSITIVE_INFINITY;
  let cancelTimer = (): void => {};
  let closed = false;
  let latched = false;

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
      if (!ending.signal.aborted) fail(thrown);
    }
  }

  async function join(): Promise<void> {
    // The answer to an earlier attempt may have been lost.
    if (failures > 0) await call((signal) => members.leave(id, 1, signal));
    const sent = clock.now();
    const joined = bindingOnly(await call((signal) => members.join({ id, text: text() }, signal)));
    lease.joined(joined);
    accept(joined, sent);
    if (lease.hasToBind) isBehind = true;
    void tidy();
  }

  async function renew(row: HeldRow): Promise<void> {
    const isRepeated = unanswered !== null;
    const wasOn = lease.isOn;
    unanswered ??= compose();
    const { member, sent } = unanswered;
    const at = clock.now();
    const answer = await call((signal) => members.renew(member, row, signal));
    unanswered = null;
    if (!answer.ok) {
      lease.lost();
      isConfirmed = false;
      held = null;
      prior = id;
      id = mintId();
      failures = 0;
      options.onBarriers();
      await join();
      return;
    }
    const bound = bindingOnly(answer);
    lease.answered(sent, bound);
    accept(bound, at);
    if (wasOn && !lease.isOn && prior !== null) void tidy();
    // The row names the time until the next renewal, which has changed too.
    if (isRepeated || lease.hasToBind || wasOn !== lease.isOn) isBehind = true;
  }

  /** Composes a renewal at the moment at which it is sent. */
  function compose(): NonNullable<typeof unanswered> {
    const sent = lease.now();
    // An override opens the sites whatever a barrier asks for.
    lease.sending(sent, options.read().override !== "open");
    options.onBarriers();
    return { member: { id, text: text() }, sent };
  }

  function accept({ list, seq, now, barriers }: Membership, sent: number): void {
    held = { list, seq };
    wallOffset = now === null ? null : Math.round((sent + clock.now()) / 2 - now);
    options.onBarriers();
    if (!isConfirmed) void confirm();
    for (const barrier of sweep.silent(barriers)) {
      logger.warn(`${options.name}: a barrier no longer counts, because its coordinator does not renew it.`);
      void inBackground(sweepBarrier(members, barrier, call));
    }
  }

  function tidy(): Promise<void> {
    return inBackground(removeDeadRows({ ...options, prior }, call));
  }

  async function inBackground(work: Promise<void>): Promise<void> {
    await work.catch((thrown: unknown) => logger.debug(`${options.name}: ${messageOf(thrown)}`));
  }

  /** A state that was loaded before the row was listed may lack a change whose writer has not seen this process. */
  async function confirm(): Promise<void> {
    if (confirming) return;
    confirming = true;
    const row = id;
    const isRead = await options.refresh();
    confirming = false;
    if (row !== id && held !== null) return confirm();
    if (!isRead || row !== id || isConfirmed) return;
    isConfirmed = true;
    lease.confirmed();
    onListed();
    options.onBarriers();
    if (lease.barriers.length > 0) moved();
  }

  function text(): string {
    const attests = lease.barriers.map((barrier) => options.attest(barrier, isConfirmed));
    isBusy = attests.some(({ underWay }) => isUnderWay(underWay));
    const row: MemberRow = {
      prior,
      process: options.process,
      label: options.label,
      library: options.library,
      runtime: options.runtime,
      level,
      clocks: clocks.map(({ name }) => name),
      bound: lease.bound,
      renews: interval(),
      attests,
      wallOffset,
      loopDelay,
      ...options.read(),
      ...(closed && { state: "leaving" as const }),
    };
    loopDelay = 0;
    return serializeRow(row);
  }

  function call<Value>(work: (options: MemberCallOptions) => Promise<Value>): Promise<Value> {
    const milliseconds = Math.min(MAX_CALL_MS, interval());
    const deadline = { name: options.name, milliseconds, signal: ending.signal, clock };
    return withinDeadline(deadline, (signal) => work({ signal }));
  }

  function fail(thrown: unknown): void {
    failures += 1;
    const cause =
      thrown instanceof MaintenanceError
        ? thrown
        : new MaintenanceError("ERR_STORE_UNAVAILABLE", messageOf(thrown), { cause: thrown });
    if (cause.message !== error?.message) {
      const isFelt = level === "strict" || lease.isOn;
      const effect = isFelt ? "until then nothing may be let in" : "requests are not affected";
      // Before the first switch the folder of the state may not exist yet.
      const log = isFelt || cause.code !== "ERR_NO_STATE" ? "warn" : "debug";
      logger[log](
        `This process could not be written to the list of processes, which is tried again; ${effect}. ${cause.message} ${cause.hint}`,
      );
    }
    error = cause;
  }

  function interval(): number {
    if (lease.isOn) return Math.floor((LEASE_MS * factor) / 3);
    return factor > 1 ? SLOW_RENEWAL_MS : RENEWAL_MS;
  }

  /** Returns the milliseconds until the next attempt. */
  function pause(): number {
    const jitter = 0.9 + 0.2 * random();
    if (failures > 0) return Math.min(RETRY_MS * 2 ** (failures - 1), interval()) * jitter;
    if (isBehind) return soon();
    // With a margin: a lease is renewed three times before it ends.
    if (lease.isOn) return (isBusy ? Math.min(MIN_PAUSE_MS * factor, interval()) : interval()) * (jitter - 0.1);
    return interval() * jitter;
  }

  function soon(): number {
    const spread = SPREAD_MS * random();
    return lease.isOn ? spread : Math.max(spread, lastSent + MIN_PAUSE_MS - monotonic(clock));
  }

  function wait(delay: number): void {
    if (monotonic(clock) + delay >= due) return;
    cancelTimer();
    due = monotonic(clock) + delay;
    cancelTimer = clock.setTimer(run, delay);
  }

  function moved(): void {
    isBehind = true;
    if (held !== null && !isConfirmed) void confirm();
    if (closed || working !== null) return;
    wait(soon());
  }

  async function leave(signal: AbortSignal): Promise<void> {
    // A row that is being written could not be removed yet.
    await working;
    if (latched) await drain(signal);
    const seq = held?.seq ?? 1;
    if (unanswered !== null) await members.leave(id, seq + 1, { signal });
    await members.leave(id, seq, { signal });
  }

  /** A row that is gone counts as a process in which nothing is under way: it stays until that is so. */
  async function drain(signal: AbortSignal): Promise<void> {
    if (held === null || !isUnderWay(options.read().underWay)) return;
    await attempt();
    while (isUnderWay(options.read().underWay)) {
      await new Promise<void>((resolve) => clock.setTimer(resolve, DRAIN_CHECK_MS));
      signal.throwIfAborted();
    }
  }

  return {
    get barriers() {
      return lease.barriers;
    },
    get isBinding() {
      return lease.isOn || latched || (level === "strict" && !isConfirmed);
    },
    get isLatched() {
      return latched;
    },
    start: run,
    listed: () => listed,
    fence() {
      if (latched || (level === "strict" && !isConfirmed)) return EVERYTHING;
      return lease.fence();
    },
    moved,
    paused(milliseconds) {
      loopDelay = Math.max(loopDelay, Math.round(milliseconds));
    },
    status: () => ({ level, list: held?.list ?? null, row: held === null ? null : id, error }),
    async close() {
      if (closed) return;
      latched = level === "strict" || lease.isOn;
      closed = true;
      cancelTimer();
      options.onBarriers();
      await withinDeadline({ name: options.name, milliseconds: MAX_LEAVE_MS, clock }, leave).catch(
        (thrown: unknown) => {
          logger.debug(`${options.name}: the row of this process could not be removed: ${messageOf(thrown)}`);
        },
      );
      ending.abort();
    },
  };
}

/** Whether anything is under way for which a barrier waits. */
function isUnderWay({ requests, sockets, held }: UnderWayCounts): boolean {
  return requests + sockets + held > 0;
}

function leaseClocks({ clock, uptime }: Pick<PresenceOptions, "clock" | "uptime">): readonly LeaseClock[] {
  return [
    ...(clock.monotonic === undefined ? [] : [{ name: "monotonic" as const, read: () => monotonic(clock) }]),
    { name: "wall", read: () => clock.now() },
    ...(uptime === null ? [] : [{ name: "uptime" as const, read: uptime }]),
  ];
}
