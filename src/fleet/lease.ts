import type { Fence } from "../engine/decide/fence.ts";
import type { Barrier, Membership } from "../stores/members.ts";
import { fenceOf } from "./barrier-fence.ts";

/** A clock by which a lease is measured, in milliseconds. */
export interface LeaseClock {
  readonly name: "monotonic" | "wall" | "uptime";
  read(): number;
}

/** The moment at which a renewal was sent, by each clock. */
export type Moment = readonly number[];

/**
 * The lease of one row. While a barrier is on, a gate lets requests to its targets in only for a limited time after it has sent its last
 * renewal. That is checked when a request is let in, and never by a timer, which may fire late.
 *
 * A barrier is known from an answer, and binds at the sending of the next renewal, which reports it: no coordinator counts on a process
 * that has not said so. Only an answer ends it.
 */
export class Lease {
  readonly #clocks: readonly LeaseClock[];
  readonly #milliseconds: number;
  #list = "";
  #epoch = 0;
  #barriers: readonly Barrier[] = [];
  /** When the renewal was sent from which the time counts; `null` if the gate is not bound. */
  #since: Moment | null = null;
  #bound = 0;
  #fence: Fence = [];
  /** The row is gone although it was bound. */
  #isLost = false;

  constructor(clocks: readonly LeaseClock[], milliseconds: number) {
    this.#clocks = clocks;
    this.#milliseconds = milliseconds;
  }

  /** The barriers that are on, as of the last answer. */
  get barriers(): readonly Barrier[] {
    return this.#barriers;
  }

  /** The epoch since which the gate is bound; 0 if it is not. */
  get bound(): number {
    return this.#bound;
  }

  /** A barrier is on, or was when the row was last heard of. */
  get isOn(): boolean {
    return this.#barriers.length > 0 || this.#bound > 0 || this.#isLost;
  }

  /** Whether the next renewal has to report that the gate is bound to other barriers. */
  get hasToBind(): boolean {
    return this.#barriers.length > 0 && this.#bound !== this.#epoch && !this.#isLost;
  }

  /** Returns the present moment. */
  now(): Moment {
    return this.#clocks.map((clock) => clock.read());
  }

  /** Called when a renewal is about to be sent. `canBind`: the gate obeys barriers. */
  sending(sent: Moment, canBind: boolean): void {
    if (!canBind || !this.hasToBind) return;
    // For barriers that come on top of others, the time counts from the earlier moment until the answer.
    this.#since ??= sent;
    this.#bound = this.#epoch;
    this.#fence = fenceOf(this.#barriers);
  }

  /** Called with the answer to a renewal that was sent at `sent`. */
  answered(sent: Moment, { list, epoch, barriers }: Pick<Membership, "list" | "epoch" | "barriers">): void {
    if (list === this.#list && epoch < this.#epoch) return;
    this.#list = list;
    this.#epoch = epoch;
    this.#barriers = barriers;
    if (barriers.length === 0) this.#unbind();
    else if (this.#since !== null) this.#since = sent;
  }

  /** Called when the row is gone: nothing is let in to the targets before the gate is in the list again, and has read the state. */
  lost(): void {
    this.#isLost = this.#isLost || this.#bound > 0;
    this.#bound = 0;
    this.#since = null;
  }

  /** Called when the gate has joined with a new row. */
  joined({ list, epoch, barriers }: Pick<Membership, "list" | "epoch" | "barriers">): void {
    this.#list = list;
    this.#epoch = epoch;
    this.#barriers = barriers;
  }

  /** Called when the state was read after the row was listed. */
  confirmed(): void {
    this.#isLost = false;
    if (this.#bound === 0) this.#fence = [];
  }

  /** Returns the sites that count as closed now, because the time is over; `null` if there are none. */
  fence(): Fence | null {
    if (this.#isLost) return this.#fence;
    return this.#since !== null && this.#age(this.#since) >= this.#milliseconds ? this.#fence : null;
  }

  /** Each of the clocks can stand still or be set back; the one that has moved furthest counts. */
  #age(since: Moment): number {
    return Math.max(...this.#clocks.map((clock, index) => clock.read() - (since[index] ?? 0)));
  }

  #unbind(): void {
    this.#bound = 0;
    this.#since = null;
    if (!this.#isLost) this.#fence = [];
  }
}
