import type { Clock } from "../clock.ts";
import type { Snapshot } from "../engine/snapshot/snapshot.ts";
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { BarrierTarget } from "./barrier.ts";
import { NOTHING_UNDER_WAY, type UnderWayCounts } from "./row.ts";
import { type Place, sortWork, type Targets, targetsOf } from "./sort-work.ts";
import type { RequestWork, Work } from "./work.ts";

/** An answer that has been running for longer than this is a stream. */
export const STREAM_MS = 10_000;
/** How long a request counts whose client has left before it was answered, unless the application ends it before. */
export const MAX_LEFT_MS = 30_000;
/** Accuracy of `since`: reading the clock for each request would cost more than the rest. */
const LOOK_MS = 1_000;

/** The kinds of work that a barrier destroys. */
export interface CutKinds {
  readonly streams: boolean;
  readonly sockets: boolean;
  readonly all: boolean;
}

export interface UnderWayOptions {
  readonly clock: Clock;
  readonly logger: Pick<Logger, "error">;
  /** Returns the state by which requests are sorted. */
  readonly snapshot: () => Snapshot;
}

/**
 * The work that one gate has let in and that has not ended, oldest first. Adding and removing cost a few assignments; work is described,
 * sorted and counted only when the counts are read.
 */
export class UnderWay {
  readonly #options: UnderWayOptions;
  readonly #targets = new WeakMap<readonly BarrierTarget[], Targets>();
  /** Requests whose clients have left, in that order. */
  readonly #left = new Set<Work>();
  #oldest: Work | null = null;
  #newest: Work | null = null;
  /** The time of the last look at the clock; `null` while no timer looks. */
  #now: number | null = null;

  constructor(options: UnderWayOptions) {
    this.#options = options;
  }

  add(work: Work): void {
    work.list = this;
    work.isListed = true;
    work.since = this.#now ?? this.#look();
    work.previous = this.#newest;
    if (this.#newest === null) this.#oldest = work;
    else this.#newest.next = work;
    this.#newest = work;
  }

  /** Reads the clock now, and each second as long as there is work. */
  #look(): number {
    const { clock } = this.#options;
    const now = clock.now();
    this.#now = now;
    clock.setTimer(() => {
      this.#now = null;
      if (this.#oldest !== null) this.#look();
    }, LOOK_MS);
    return now;
  }

  /** Idempotent. */
  remove(work: Work): void {
    if (work.list !== this || !work.isListed) return;
    const { previous, next } = work;
    if (previous === null) this.#oldest = next;
    else previous.next = next;
    if (next === null) this.#newest = previous;
    else next.previous = previous;
    work.isListed = false;
    work.previous = null;
    work.next = null;
    if (work.leftAt !== null) this.#left.delete(work);
  }

  /** The client has left before the answer has begun: the application may work on. Counts until it ends the work, or `MAX_LEFT_MS`. */
  leave(work: Work): void {
    if (work.list !== this || !work.isListed || work.leftAt !== null) return;
    const now = this.#options.clock.now();
    work.leftAt = now;
    this.#left.add(work);
    for (const one of this.#left) {
      if (!isLongGone(one, now)) break;
      this.remove(one);
    }
  }

  /** Returns all work. Requests are `exempted` if a decision has let them in while their site was closed. */
  counts(): UnderWayCounts {
    return this.#count(null);
  }

  /**
   * Returns the work that is in the way of these targets: on their sites and paths, for a read-only target only what may write. Requests
   * that would be let in after the closure are `exempted`, also those that have arrived before it.
   */
  countsOf(targets: readonly BarrierTarget[]): UnderWayCounts {
    return this.#count(this.#compile(targets));
  }

  #compile(targets: readonly BarrierTarget[]): Targets {
    let compiled = this.#targets.get(targets);
    if (compiled === undefined) {
      compiled = targetsOf(targets, this.#options.snapshot().policy.ignoreCase);
      this.#targets.set(targets, compiled);
    }
    return compiled;
  }

  /** Closes the connections of the work that is in the way of these targets, of the kinds that `kinds` names. */
  cut(targets: readonly BarrierTarget[], kinds: CutKinds): void {
    const compiled = this.#compile(targets);
    const now = this.#options.clock.now();
    for (let work: Work | null = this.#oldest; work !== null; ) {
      const one: Work = work;
      work = one.next;
      if (one.kind === "held" || !isNamed(kindOf(one, now), kinds)) continue;
      const place = this.#sort(one, compiled, now);
      if (place !== null && !place.isExempted) one.destroy();
    }
  }

  #count(targets: Targets | null): UnderWayCounts {
    if (this.#oldest === null) return NOTHING_UNDER_WAY;
    const now = this.#options.clock.now();
    const counts = { requests: 0, writes: 0, streams: 0, sockets: 0, held: 0, exempted: 0 };
    let oldest: UnderWayCounts["oldest"] = null;
    for (let work: Work | null = this.#oldest; work !== null; ) {
      const one: Work = work;
      work = one.next;
      if (isLongGone(one, now) || (one.kind !== "held" && one.hasEnded())) {
        this.remove(one);
        continue;
      }
      const place = this.#sort(one, targets, now);
      if (place === null) continue;
      if (place.isExempted) {
        counts.exempted += 1;
        continue;
      }
      oldest ??= { what: place.what, site: place.site, since: one.since };
      if (one.kind === "held") counts.held += 1;
      else if (one.kind === "socket") counts.sockets += 1;
      else {
        counts.requests += 1;
        if (place.writes) counts.writes += 1;
        if (kindOf(one, now) === "streams") counts.streams += 1;
      }
    }
    return { ...counts, oldest };
  }

  /** Returns `null` for work that is not in the way of the targets. Work that cannot be sorted is. */
  #sort(work: Work, targets: Targets | null, now: number): Place | null {
    const { snapshot, logger } = this.#options;
    try {
      return sortWork(work, targets, snapshot(), now);
    } catch (error) {
      logger.error(`A request that is under way counts for every site, because it cannot be read: ${messageOf(error)}`);
      return { what: "unknown", site: "*", writes: true, isExempted: false };
    }
  }
}

function kindOf(work: RequestWork, now: number): "requests" | "streams" | "sockets" {
  if (work.kind === "socket") return "sockets";
  return now - work.since > STREAM_MS && work.hasBegun() ? "streams" : "requests";
}

function isNamed(kind: ReturnType<typeof kindOf>, { all, streams, sockets }: CutKinds): boolean {
  return all || (kind === "streams" && streams) || (kind === "sockets" && sockets);
}

function isLongGone({ leftAt }: Work, now: number): boolean {
  return leftAt !== null && now - leftAt >= MAX_LEFT_MS;
}
