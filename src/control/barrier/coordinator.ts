import { isMaintenanceError, messageOf } from "../../errors.ts";
import type { BarrierDetails } from "../../fleet/barrier.ts";
import { formatInstant } from "../../state/instant.ts";
import { ALL_SITES, type SiteRecord } from "../../state/site-record.ts";
import type { State } from "../../state/state.ts";
import type { MemberList } from "../../stores/members.ts";
import type { Position } from "../../stores/store.ts";
import { listSome } from "../../text/list.ts";
import type { CommandResult } from "../controller.ts";
import { createSweeper, takeOverHolds } from "./clear-way.ts";
import { type ClosureAsLeft, closureAsLeft, weakeningOf } from "./compare-closure.ts";
import { askWith, type BarrierEnvironment, barrierTimes, isPassing, pause } from "./environment.ts";
import { firstDetails, targetsOf } from "./first-details.ts";
import { HeldError, type HeldView, viewBarrier } from "./held.ts";
import { ownBarrier } from "./own-barrier.ts";
import type { BarrierPlan, BarrierRun } from "./plan.ts";
import { askReplicas } from "./replication.ts";
import { isSettled, type Look, reasonsOf, remarksOf, waysInOf } from "./report.ts";
import type { WaitProgress, WaitReason, WaitRemark, WaitResult } from "./wait-result.ts";
import { watchMembers } from "./watch-members.ts";
import { createWriter } from "./write-once.ts";

/** Why a coordinator ends without a proof. */
interface End {
  readonly exit: 6 | 7;
  readonly reasons: readonly WaitReason[];
}

const TIMES_TO_REMOVE = 3;

/**
 * Arms a barrier, closes the sites, waits until every process on the list has closed and has ended its requests, and proves it by a write
 * that succeeds only if the barrier was on all the time. Every end removes the barrier, or keeps it as a hold.
 *
 * Rejects before anything was written: `ERR_HELD`, and what the closing command rejects with.
 */
export async function runBarrier(plan: BarrierPlan, members: MemberList, env: BarrierEnvironment): Promise<BarrierRun> {
  const { wait } = plan;
  const { clock, store, options } = env;
  const times = barrierTimes(members);
  const began = env.monotonic();
  const since = (moment: number): number => env.monotonic() - moment;
  const ask = askWith(env, wait.signal);
  // The end of a barrier is written although the wait was aborted.
  const askToEnd = askWith(env, undefined);
  const keep = new Set((["streams", "sockets"] as const).filter((kind) => wait[kind] === "keep"));

  const targets = targetsOf(plan.close.apply(await ask(() => plan.close.load())));
  const sites = targets.map(({ site }) => site);
  const forAllIds = [...options.groups, ALL_SITES].filter((id) => !sites.includes(id));
  const readOnly = targets.every(({ mode }) => mode === "read-only");
  const own = ownBarrier(members, env.mintId(), sites);
  const watched = watchMembers({ members, env, times, own, wait, keep, readOnly, ask });
  const writer = createWriter(store, plan.close);
  let details = firstDetails(plan, targets, env);
  let phase: WaitProgress["phase"] = "arming";
  let list: string | null = null;
  let lineage: string | null = null;
  let renewed = 0;
  let change: CommandResult | null = null;
  let left: ClosureAsLeft | null = null;
  /** The position from which on the processes have to attest. */
  let closedAt: Position | null = null;
  let versions = "";
  let last: Look | null = null;
  let trouble: string | null = null;
  let inTheWay: readonly HeldView[] = [];
  const remarks: WaitRemark[] = [];
  let replicaRemarks: readonly WaitRemark[] = [];

  const isAborted = (): boolean => wait.signal?.aborted === true;
  const isOver = (): boolean => since(began) >= wait.timeout;
  const end = (exit: End["exit"], ...reasons: readonly WaitReason[]): End => ({ exit, reasons });
  const interrupted = (): End => end(6, { kind: "interrupted" });

  const renewedNow = (it: BarrierDetails): BarrierDetails => {
    return { ...it, holder: { ...it.holder, renewed: formatInstant(clock.now()) } };
  };

  /** Writes the barrier. Returns an end if it is no longer there. */
  async function write(next: BarrierDetails): Promise<End | null> {
    if ((await own.write(renewedNow(next), ask)) !== "ok") return end(7, { kind: "swept" });
    details = next;
    renewed = env.monotonic();
    return null;
  }

  async function renew(): Promise<End | null> {
    return since(renewed) < times.renewal ? null : await write(details);
  }

  /** Reads the list and then the state, so that a row behind the state is behind it, and one ahead of it claims what was lost. */
  async function look(): Promise<Look | End> {
    const ended = list === null ? null : await renew();
    if (ended !== null) return ended;
    const listing = await ask((signal) => members.list({ signal }));
    if (own.mayBeSet) {
      if (list !== null && listing.list !== list) return end(7, { kind: "restored" });
      if (!listing.barriers.some(({ id }) => id === own.id)) return end(7, { kind: "swept" });
      list = listing.list;
    }
    const state = await ask(() => plan.close.load());
    return compare(state) ?? (await watched.examine(listing, state, closedAt));
  }

  /**
   * Compares the records with those that the closing change has left. After any change of them the processes have to attest again: the
   * site may have been open for a moment.
   */
  function compare(state: State): End | null {
    if (lineage !== null && state.lineage !== lineage) return end(7, { kind: "restored" });
    if (left === null) return null;
    const weakening = weakeningOf(left, state, clock.now());
    if (weakening !== null) return end(7, weakening);
    const found = versionsOf(state.records);
    if (found !== versions) closedAt = { lineage: state.lineage, version: state.version };
    versions = found;
    return null;
  }

  const versionsOf = (records: ReadonlyMap<string, SiteRecord>): string =>
    JSON.stringify(sites.map((site) => records.get(site)?.version ?? 0));

  /** Looks until `decide` returns an end, or `null` to go on to the next step. */
  async function lookUntil(decide: (look: Look) => End | "next" | "again"): Promise<End | null> {
    for (;;) {
      try {
        const found = await look();
        if ("exit" in found) return found;
        trouble = null;
        last = found;
        report(found);
        const decided = decide(found);
        if (decided !== "again") return decided === "next" ? null : decided;
      } catch (error) {
        const ended = endOf(error);
        if (ended !== null) return ended;
      }
      const over = await paused();
      if (over !== null) return over;
    }
  }

  /** Returns `null` for an error that may pass. Throws one that ends the command before anything was closed. */
  function endOf(error: unknown): End | null {
    if (isAborted()) return interrupted();
    trouble = messageOf(error);
    if (isPassing(error)) return null;
    if (change === null) throw error;
    return end(6, { kind: "store", message: trouble });
  }

  async function paused(): Promise<End | null> {
    if (isAborted()) return interrupted();
    if (isOver()) return timedOut();
    await pause(clock, Math.min(times.look, Math.max(0, wait.timeout - since(began))), wait.signal);
    return isAborted() ? interrupted() : null;
  }

  function timedOut(): End {
    if (inTheWay.length > 0) return end(6, { kind: "held", held: inTheWay });
    return end(6, ...(trouble === null ? [] : [{ kind: "store", message: trouble } as const]), ...missing());
  }

  function missing(): readonly WaitReason[] {
    return reasonsOf(last, { expect: wait.expect, surfaces: wait.acceptsSurfaces ? [] : options.surfaces });
  }

  function report(found: Look): void {
    wait.onProgress({
      phase,
      processes: found.rows.map(({ view }) => view),
      expected: wait.expect,
      reasons: missing().filter(({ kind }) => kind !== "process"),
      elapsed: since(began),
    });
  }

  /** Calls `step` until it returns something else than `null`; a call that the store did not answer is made again. */
  async function persist<T>(step: () => Promise<T | null>): Promise<T | End> {
    for (;;) {
      try {
        const done = await step();
        if (done !== null) return done;
      } catch (error) {
        const ended = endOf(error);
        if (ended !== null) return ended;
      }
      const over = await paused();
      if (over !== null) return over;
    }
  }

  /**
   * Looks once before the own changes raise the version: a row that claims more than the store has shows that the state went back. A hold
   * waits here, while its sites are still open, until every process has had the time to be on the list.
   */
  async function settle(): Promise<End | null> {
    if (plan.isHold && options.surfaces.length > 0 && !wait.acceptsSurfaces) {
      return end(6, { kind: "surfaces", surfaces: options.surfaces });
    }
    phase = "settling";
    return await lookUntil(({ rows, young }) =>
      !plan.isHold || young === 0 || (wait.expect !== null && rows.length >= wait.expect) ? "next" : "again",
    );
  }

  async function arm(): Promise<End | null> {
    const way = { members, ask, monotonic: env.monotonic, sweep: times.sweep };
    const sweep = createSweeper(way);
    const armed = await persist(async () => {
      const written = await own.write(renewedNow(details), ask).catch((error: unknown): "no state" => {
        if (isMaintenanceError(error, "ERR_NO_STATE")) return "no state";
        throw error;
      });
      // Any change creates the place of the list.
      if (written === "no state") return await wake();
      if (written === "ok" || written === "gone") return written;
      const { held } = written;
      if (plan.takesOver && (await takeOverHolds(held, way))) return null;
      inTheWay = held.map((barrier) => viewBarrier(barrier, clock.now()));
      if (!wait.queue) throw new HeldError(inTheWay);
      phase = "queued";
      await sweep(held);
      wait.onProgress({
        phase,
        processes: [],
        expected: wait.expect,
        reasons: [{ kind: "held", held: inTheWay }],
        elapsed: since(began),
      });
      return null;
    });
    if (typeof armed === "object") return armed;
    if (armed === "gone") return end(7, { kind: "swept" });
    renewed = env.monotonic();
    phase = "arming";
    inTheWay = [];
    return null;
  }

  /** An empty change wakes every gate, of this release or an older one, by whatever its store pushes. */
  async function wake(): Promise<End | null> {
    const woken = await persist(async () => {
      const state = await ask(() => plan.close.load());
      const at = formatInstant(clock.now());
      const reason = `barrier for ${listSome(sites)}`;
      const draft = { lineage: state.lineage, command: "barrier", records: [], at, by: plan.by, reason };
      // Written twice if an answer was lost: it changes nothing.
      const written = await ask((signal) => store.commit(draft, { announce: true, signal }));
      return written.ok ? written.position : null;
    });
    if ("exit" in woken) return woken;
    lineage = woken.lineage;
    return null;
  }

  async function bind(): Promise<End | null> {
    const armedAt = env.monotonic();
    return await lookUntil((found) => {
      const unbound = found.rows
        .map(({ view }) => view)
        .filter(({ standing }) => standing !== "bound" && !isSettled(standing));
      if (unbound.length === 0) return "next";
      if (since(armedAt) < wait.arm && !isOver()) return "again";
      if (plan.isHold) return end(6, ...unbound.map((process) => ({ kind: "process", process }) as const));
      remarks.push({ kind: "closed-unbound", processes: unbound });
      return "next";
    });
  }

  async function close(): Promise<End | null> {
    phase = "closing";
    if (details.phase !== "closing") {
      const begun = await persist(async () => (await write({ ...details, phase: "closing" })) ?? "begun");
      if (begun !== "begun") return begun;
    }
    const written = await persist(async () => (await renew()) ?? (await writer.attempt(ask)));
    if ("exit" in written) return written;
    change = written;
    lineage = written.position.lineage;
    watched.restart();
    left = closureAsLeft(written, forAllIds, plan.isHold);
    closedAt = written.position;
    versions = versionsOf(left.targets);
    const closed = details.targets.map((target) => ({
      ...target,
      version: left?.targets.get(target.site)?.version ?? null,
    }));
    const said = await persist(async () => (await write({ ...details, targets: closed })) ?? "said");
    return said === "said" ? null : said;
  }

  async function drain(): Promise<End | null> {
    phase = "draining";
    return await lookUntil((found) => {
      const { rows, young, attesting } = found;
      const standings = rows.map(({ view }) => view.standing);
      if (!standings.every((standing) => isSettled(standing) || standing === "evicted") || young > 0) return "again";
      if (wait.expect !== null && attesting < wait.expect) return "again";
      const refused = missing();
      if (refused.length > 0) return end(6, ...refused);
      const mustWait = wait.acceptEvicted !== null && standings.includes("evicted") && !isOver();
      return mustWait && watched.sinceEviction() < (wait.acceptEvicted ?? 0) ? "again" : "next";
    });
  }

  /** Succeeds only if the barrier was on all the time: otherwise a process may have joined, read an older state and let requests in. */
  async function prove(): Promise<End | null> {
    const proven = await persist(async () => (await write({ ...details, phase: "proven" })) ?? "proven");
    if (proven !== "proven") return proven;
    replicaRemarks = await askReplicas(members, ask);
    // A change between the last look and that write would not be seen otherwise.
    const before = closedAt;
    const state = await persist(() => ask(() => plan.close.load()));
    const ended = "exit" in state ? state : compare(state);
    if (ended !== null || closedAt === before) return ended;
    const again = await persist(async () => (await write({ ...details, phase: "closing" })) ?? "again");
    return again === "again" ? ((await drain()) ?? (await prove())) : again;
  }

  async function ending(work: () => Promise<unknown>): Promise<boolean> {
    for (let attempt = 1; attempt <= TIMES_TO_REMOVE; attempt += 1) {
      try {
        await work();
        return true;
      } catch (error) {
        trouble = messageOf(error);
        await pause(clock, times.look);
      }
    }
    return false;
  }

  async function removeEvicted(): Promise<void> {
    for (const [id, seq] of watched.evicted)
      await ending(() => askToEnd((signal) => members.leave(id, seq, { signal })));
  }

  async function restore(): Promise<boolean> {
    if (change === null) return false;
    const restoring = createWriter(store, plan.restore(change));
    return await ending(async () => {
      while ((await restoring.attempt(askToEnd)) === null);
    });
  }

  async function finish(ended: End | null): Promise<BarrierRun> {
    const views = last?.rows.map(({ view }) => view) ?? [];
    const silent = ended === null && plan.proves ? views.filter(({ standing }) => standing === "evicted") : [];
    const assumed = silent.length > 0 && wait.acceptEvicted !== null && watched.sinceEviction() >= wait.acceptEvicted;
    const exit = ended?.exit ?? (silent.length === 0 || assumed ? 0 : 5);
    const goesOn = plan.isHold && exit === 0;
    if (ended === null) await removeEvicted();
    const restored = plan.isHold && (exit === 5 || exit === 6) && (await restore());
    if (!goesOn && !(await ending(() => own.remove(askToEnd)))) remarks.push({ kind: "barrier-left" });
    const result: WaitResult = {
      exit,
      closed: change !== null ? true : writer.mayBeWritten ? "unknown" : false,
      restored,
      interrupted: ended?.reasons.some(({ kind }) => kind === "interrupted") ?? false,
      assumed,
      reasons: ended?.reasons ?? (exit === 0 ? [] : silent.map((process) => ({ kind: "process", process }))),
      processes: views,
      ...waysInOf(last, change, options),
      kept: [...keep],
      remarks: [...remarks, ...replicaRemarks, ...remarksOf(last, change)],
      fence: own.epoch === 0 ? "" : `${list ?? ""}:${own.epoch}`,
      elapsed: since(began),
    };
    const held = goesOn && left !== null ? { own, details, left, list: list ?? "", lineage: lineage ?? "" } : null;
    return { result, change, held };
  }

  const steps = plan.proves ? [settle, arm, wake, bind, close, drain, prove] : [arm, close, readList];
  /** Without a wait the list is read once, for its id. */
  async function readList(): Promise<End | null> {
    return await lookUntil(() => "next");
  }

  try {
    for (const step of steps) {
      const ended = await step();
      if (ended !== null) return await finish(ended);
    }
    return await finish(null);
  } catch (error) {
    if (own.mayBeSet) await ending(() => own.remove(askToEnd));
    throw error;
  }
}
