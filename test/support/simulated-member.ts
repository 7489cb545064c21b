import type { Clock } from "../../src/clock.ts";
import { type BarrierDetails, LEASE_MS, parseBarrier, SWEEP_MS } from "../../src/fleet/barrier.ts";
import {
  type Attest,
  type MemberRow,
  NOTHING_UNDER_WAY,
  RENEWAL_MS,
  serializeRow,
  type UnderWayCounts,
} from "../../src/fleet/row.ts";
import { isClosedAt } from "../../src/schedule/timetable.ts";
import { parseState } from "../../src/state/parse-state.ts";
import { ALL_SITES } from "../../src/state/site-record.ts";
import type { State } from "../../src/state/state.ts";
import type { Barrier, HeldRow } from "../../src/stores/members.ts";
import type { Store } from "../../src/stores/store.ts";

/** Work that a simulated member has let in. */
export interface SimulatedWork {
  readonly site: string;
  readonly kind: keyof Omit<UnderWayCounts, "oldest">;
  readonly what: string;
  readonly since: number;
}

export interface SimulatedMemberOptions {
  readonly clock: Clock;
  readonly store: Store;
  readonly name: string;
  /** Rate of its clock: its seconds are so many real ones. @default 1 */
  readonly rate?: number;
  readonly groups?: readonly string[];
  /** Sites with hosts. @default ["shop", "blog"] */
  readonly sites?: readonly string[];
  readonly pid?: number;
  readonly override?: "open" | null;
  /** 0 up to 1. @default 0.5 */
  readonly random?: () => number;
  /** Milliseconds between two reads of the state. @default 1_000 */
  readonly poll?: number;
  /** Does not bind itself: a row of an older release. */
  readonly binds?: boolean;
}

/**
 * A process that keeps the rules of a member: it joins before it reads, renews its row, binds itself with the renewal after the one that
 * showed it a barrier, is unbound only by the answer to a renewal, and says what its visitors meet.
 */
export interface SimulatedMember {
  readonly name: string;
  /** Id of the row; changes when it joins again. */
  readonly id: string;
  /** `frozen`: stopped, as by SIGSTOP or a cut network. */
  readonly status: "out" | "joining" | "in" | "frozen" | "dead" | "left";
  readonly isBound: boolean;
  readonly work: ReadonlySet<SimulatedWork>;
  start(): Promise<void>;
  /** A request arrives. Returns the work if it was let in. */
  admit(site: string, kind?: SimulatedWork["kind"], what?: string): SimulatedWork | null;
  finish(work: SimulatedWork): void;
  /** Its process stops; its memory stays. */
  freeze(): void;
  thaw(): void;
  /** Its process ends, with all its work. */
  kill(): void;
  /** Leaves the list if nothing is under way, and admits nothing afterwards. */
  leave(): Promise<void>;
  /** Cut from the store: it serves on. */
  cut: boolean;
}

const RENEWAL_AFTER_MOVE_MS = 250;
const MIN_RENEWAL_MS = 1_000;

export function simulatedMember(options: SimulatedMemberOptions): SimulatedMember {
  const {
    clock,
    store,
    name,
    rate = 1,
    groups = [],
    sites = ["shop", "blog"],
    override = null,
    binds = true,
  } = options;
  const { random = () => 0.5, poll = 1_000, pid = 1 } = options;
  const { members } = store;
  if (members === undefined) throw new Error("The store has no list.");
  const list = members;
  const work = new Set<SimulatedWork>();
  let status: SimulatedMember["status"] = "out";
  let id = "";
  let incarnations = 0;
  let held: HeldRow | null = null;
  let state: State | null = null;
  let bound = 0;
  let asked = 0;
  let admitUntil = 0;
  let barriers: readonly Barrier[] = [];
  let isRenewing = false;
  let lastRenewal = Number.NEGATIVE_INFINITY;
  let cancelRenewal = (): void => {};
  let prior: string | null = null;
  const seenBarriers = new Map<string, { seq: number; since: number }>();

  const now = (): number => clock.now() / rate;
  const runs = (): boolean => status === "in" || status === "joining";

  function isClosed(site: string): boolean {
    if (override === "open" || state === null) return override !== "open";
    const at = clock.now();
    const held = (barrier: Barrier): boolean => {
      const details = detailsOf(barrier);
      return details?.isHold === true && details.phase !== "lost" && details.targets.some((it) => it.site === site);
    };
    return [site, ALL_SITES, ...groups].some((of) => {
      const record = state?.records.get(of);
      if (record === undefined || record.mode === "open") return false;
      return isClosedAt(record, at) || barriers.some(held);
    });
  }

  function mayAdmit(site: string): boolean {
    if (status !== "in" || (bound !== 0 && now() >= admitUntil)) return false;
    return !isClosed(site);
  }

  function count(of: Iterable<SimulatedWork>): UnderWayCounts {
    const counts = { ...NOTHING_UNDER_WAY };
    for (const { kind, what, site, since } of of) {
      counts[kind] += 1;
      if (kind === "writes" || kind === "streams") counts.requests += 1;
      if (kind === "exempted") continue;
      if (counts.oldest === null || since < counts.oldest.since) counts.oldest = { what, site, since };
    }
    return counts;
  }

  function attest(barrier: Barrier): Attest | null {
    const details = detailsOf(barrier);
    if (details === null) return null;
    const targets = details.targets.map(({ site }) => site);
    const mine = targets.filter((site) => site === ALL_SITES || sites.includes(site) || groups.includes(site));
    const open = mine.some((site) => !isClosed(site));
    const concerns = (site: string): boolean =>
      targets.includes(ALL_SITES) || targets.includes(site) || targets.some((target) => groups.includes(target));
    return {
      barrier: barrier.id,
      outcome: mine.length === 0 ? "not-mine" : open ? "open" : "closed",
      ...(open && mine.length > 0 ? { because: override === null ? "behind" : "override" } : {}),
      underWay: count([...work].filter(({ site }) => concerns(site))),
      waysIn: {},
    };
  }

  function row(): string {
    const value: MemberRow = {
      prior,
      process: { pid, started: `${pid}`, space: "here", host: `host-${name}` },
      label: name,
      library: "1.0.0",
      runtime: "simulated",
      level: "strict",
      state: "in",
      clocks: ["monotonic"],
      position: state === null ? null : { lineage: state.lineage, version: state.version },
      override,
      groups,
      bound,
      renews: RENEWAL_MS,
      attests: barriers.flatMap((barrier) => attest(barrier) ?? []),
      underWay: count(work),
      wallOffset: 0,
      loopDelay: 0,
    };
    return serializeRow(value);
  }

  async function load(): Promise<void> {
    const document = await store.load();
    const next = parseState(document, store.capabilities.separateRecords);
    if (!runs()) return;
    const before = state;
    // A closure that is held is not undone by an older version of the same lineage.
    if (before !== null && next.lineage === before.lineage && next.version < before.version) return;
    state = next;
    if (before?.version !== next.version || before.lineage !== next.lineage) {
      renewIn(random() * RENEWAL_AFTER_MOVE_MS);
    }
  }

  async function join(): Promise<void> {
    status = "joining";
    incarnations += 1;
    state = null;
    bound = 0;
    asked = 0;
    barriers = [];
    prior = id === "" ? null : id;
    id = `${name}-${incarnations}`;
    try {
      if (cut) throw new Error("cut");
      const joined = await list.join({ id, text: row() });
      held = joined;
      heard(joined.barriers, joined.epoch);
      await load();
      if (status === "joining") status = "in";
      renewIn(0);
    } catch {
      if (status === "joining") clock.setTimer(() => void (status === "joining" && join()), 500 + random() * 500);
    }
  }

  function heard(found: readonly Barrier[], epoch: number): void {
    barriers = found;
    const live = found.filter((barrier) => detailsOf(barrier)?.phase !== "lost");
    if (live.length === 0) {
      bound = 0;
      asked = 0;
    } else if (binds) asked = Math.max(asked, epoch);
    for (const barrier of found) {
      const known = seenBarriers.get(barrier.id);
      if (known?.seq !== barrier.seq) seenBarriers.set(barrier.id, { seq: barrier.seq, since: now() });
      else if (now() - known.since >= SWEEP_MS) void sweep(barrier);
    }
  }

  async function sweep(barrier: Barrier): Promise<void> {
    const details = detailsOf(barrier);
    try {
      if (details?.isHold !== true) await list.removeBarrier(barrier.id, barrier.seq);
      else if (details.phase !== "lost") {
        const text = JSON.stringify({ ...details, phase: "lost" });
        await list.setBarrier({ ...barrier, text }, barrier.seq);
      }
    } catch {
      // Another member does it.
    }
  }

  function renewIn(delay: number): void {
    cancelRenewal();
    const earliest = Math.max(delay, lastRenewal + MIN_RENEWAL_MS - now());
    cancelRenewal = clock.setTimer(() => void renew(), earliest * rate);
  }

  async function renew(): Promise<void> {
    if (!runs() || held === null || isRenewing) return;
    isRenewing = true;
    const own = held;
    const t0 = now();
    lastRenewal = t0;
    if (asked > bound) {
      if (bound === 0) admitUntil = t0 + LEASE_MS;
      bound = asked;
    }
    const text = row();
    try {
      if (cut) throw new Error("cut");
      const answer = await list.renew({ id, text }, own);
      if (status === "dead" || status === "left") return;
      if (status === "frozen") {
        late = () => answered(answer, t0);
        return;
      }
      answered(answer, t0);
    } catch {
      // The same number again, with what holds then: the list refuses it if the first call was done.
      if (runs()) renewIn(MIN_RENEWAL_MS);
    } finally {
      isRenewing = false;
    }
  }

  let late: (() => void) | null = null;

  function answered(answer: Awaited<ReturnType<typeof list.renew>>, t0: number): void {
    if (!answer.ok) {
      void join();
      return;
    }
    held = answer;
    heard(answer.barriers, answer.epoch);
    if (bound !== 0) admitUntil = Math.max(admitUntil, t0 + LEASE_MS);
    // A barrier that was shown for the first time waits for the next renewal.
    if (asked > bound) renewIn(0);
    else renewIn(barriers.length > 0 ? LEASE_MS / 3 : RENEWAL_MS * (0.9 + random() / 5));
  }

  function follow(): void {
    if (status === "dead" || status === "left") return;
    if (status === "in" && !cut) void load().catch(() => {});
    clock.setTimer(follow, poll);
  }

  let cut = false;
  return {
    name,
    get id() {
      return id;
    },
    get status() {
      return status;
    },
    get isBound() {
      return bound !== 0;
    },
    work,
    get cut() {
      return cut;
    },
    set cut(value) {
      cut = value;
    },
    async start() {
      await join();
      follow();
    },
    admit(site, kind = "requests", what = `GET /${site}`) {
      if (kind !== "exempted" && !mayAdmit(site)) return null;
      const one: SimulatedWork = { site, kind, what, since: clock.now() };
      work.add(one);
      return one;
    },
    finish: (one) => void work.delete(one),
    freeze() {
      if (!runs()) return;
      status = "frozen";
      cancelRenewal();
    },
    thaw() {
      if (status !== "frozen") return;
      status = state === null ? "joining" : "in";
      const answer = late;
      late = null;
      if (answer !== null) answer();
      else if (state === null) void join();
      else renewIn(0);
    },
    kill() {
      status = "dead";
      cancelRenewal();
      work.clear();
    },
    async leave() {
      if (status !== "in" || work.size > 0 || held === null) return;
      status = "left";
      cancelRenewal();
      await list.leave(id, held.seq).catch(() => {});
    },
  };
}

function detailsOf(barrier: Barrier): BarrierDetails | null {
  try {
    return parseBarrier(barrier);
  } catch {
    return null;
  }
}
