import { setTimeout as sleep } from "node:timers/promises";
import { type Controller, createController } from "../../src/control/controller.ts";
import { createTcpProxy, type TcpProxy } from "../../src/testing/doubles/tcp-proxy.ts";
import { openStoreOf } from "../support/servers/open-store-of.ts";
import { Admissions } from "./admissions.ts";
import type { Scene } from "./faults.ts";
import { type Breaches, type Change, judge } from "./judge.ts";
import { type BarrierOutcome, HOST, type Hold, type Level, machineTime, SITE } from "./messages.ts";
import { GATES, type Plan, type PlannedFault } from "./plan.ts";
import { CoordinatorWorker, GateWorker, type Spares, until } from "./processes.ts";
import type { StoreUnderTest } from "./stores.ts";

export interface ArenaOptions {
  readonly store: StoreUnderTest;
  readonly spares: Spares;
  readonly level: Level;
  readonly speed: number;
  /** The file for admitted requests. */
  readonly log: string;
  /** A gate without one breaks a promise: the harness has to find it. */
  readonly hasFence: boolean;
  /** A process that keeps no row, which a barrier cannot see: the harness has to find what it admits. */
  readonly withoutRow: boolean;
}

export interface Round {
  /** The names of the faults that have happened: the moment of a planned one may not have come. */
  readonly faults: readonly string[];
  /** `null` if the coordinator was killed. */
  readonly outcome: BarrierOutcome | null;
  readonly expect: number | null;
  /** Whether the exits 0 and 5 promise anything to this round. */
  readonly isPromised: boolean;
  readonly breaches: Breaches;
  /** The last answer of each process, 200 if it is free again. */
  readonly answers: readonly number[];
  readonly admitted: number;
  /** Milliseconds until the coordinator has returned. */
  readonly barrier: number;
  /** Milliseconds of the whole round. */
  readonly took: number;
  /** Milliseconds until every process was free again. */
  readonly freeAfter: number;
}

/** Milliseconds within which every process is free: a sweep and two renewals, at any speed of at least 5. */
const FREE_WITHIN_MS = 30_000;
const LOAD_EVERY_MS = 20;
/** Longest work of a request. */
const WORK_MS = 60;
/** Milliseconds for which a promise is watched after the last fault has ended. */
const WATCH_MS = 40;
/** Scaled milliseconds for which a list is new: processes may not be back on it. */
const YOUNG_MS = 95_000;

/** Processes with gates over a store of their own, and a coordinator. They go on from round to round. */
export class Arena {
  readonly #options: ArenaOptions;
  readonly #controller: Controller;
  readonly #gates: readonly GateWorker[];
  readonly #coordinator: CoordinatorWorker;
  readonly #admissions: Admissions;
  readonly #load: NodeJS.Timeout;
  #listedAt = machineTime();
  #requests = 0;

  private constructor(options: ArenaOptions, links: readonly (TcpProxy | null)[]) {
    const { store, spares, level, speed, log, hasFence, withoutRow } = options;
    this.#options = options;
    const direct = store.options(store.port ?? 0);
    this.#controller = createController(
      { store: openStoreOf(store.store, direct), sites: { [SITE]: { hosts: [HOST] } } },
      { by: "observer" },
    );
    const settings = (link: TcpProxy | null) => ({
      store: store.store,
      speed,
      options: store.options(link?.port ?? 0),
    });
    const [own = null, ...others] = links;
    this.#gates = others.map((link, index) => {
      const gate = { level: withoutRow && index === 0 ? ("none" as const) : level, log, hasFence };
      return new GateWorker({ role: "gate", ...settings(link), ...gate }, spares, link);
    });
    this.#coordinator = new CoordinatorWorker({ role: "coordinator", ...settings(own) }, spares, own);
    this.#admissions = new Admissions(log);
    this.#load = setInterval(() => this.#send(), LOAD_EVERY_MS);
  }

  static async start(options: ArenaOptions): Promise<Arena> {
    const links: (TcpProxy | null)[] = [];
    for (let index = 0; index <= GATES; index += 1) links.push(await linkTo(options.store));
    const arena = new Arena(options, links);
    await arena.#persist(async () => (await arena.#controller.store()).migrations?.migrate());
    // There is no folder for the list before the first switch.
    await arena.#switch("close");
    await arena.#switch("open");
    await Promise.all(arena.#workers.map((worker) => worker.start()));
    const answers = await arena.#untilFree();
    if (!isFree(answers)) throw new Error(`A process lets nothing in before the first round: ${answers.join(", ")}.`);
    return arena;
  }

  get #workers(): readonly (GateWorker | CoordinatorWorker)[] {
    return [...this.#gates, this.#coordinator];
  }

  async run(plan: Plan): Promise<Round> {
    const { level, withoutRow, speed } = this.#options;
    const began = machineTime();
    const killed = new Map<number, bigint>();
    const changes: Change[] = [];
    const change = async (work: () => Promise<void>): Promise<void> => {
      const from = machineTime();
      await work();
      changes.push({ began: from, ended: machineTime() });
    };
    const scene: Omit<Scene, "gate"> = {
      store: this.#options.store,
      gates: this.#gates,
      coordinator: this.#coordinator,
      async kill(worker) {
        // The coordinator may learn of it before this process does.
        const moment = machineTime();
        killed.set(await worker.kill(), moment);
      },
      open: () => change(() => this.#switch("open")),
      close: () => change(() => this.#switch("close")),
      wipe: () =>
        change(async () => {
          this.#listedAt = machineTime();
          await this.#persist(() => this.#options.store.wipe());
        }),
    };
    const isWiped = plan.faults.some(({ fault }) => fault.wipes);
    const isYoung = millisecondsSince(this.#listedAt) * speed < YOUNG_MS;
    // A coordinator waits until a list is 90 seconds old, unless it knows the number of processes.
    const expect = plan.expects || isWiped || isYoung ? GATES - (withoutRow ? 1 : 0) : null;
    const over = new AbortController();
    for (const worker of this.#workers) worker.tell({ kind: "hold", holds: holdsOf(plan, worker, this.#gates) });
    const happening = plan.faults.map((fault, index) => this.#happen(fault, index, scene, over.signal));
    const outcome = await this.#coordinator.run({ timeout: `${plan.timeout}s`, expect });
    const barrier = millisecondsSince(began);
    over.abort();
    // The promise is in force until the site is opened, while faults go on and end.
    const happened = await Promise.all(happening);
    await sleep(WATCH_MS);
    await change(async () => {
      // After a wipe gates keep what they have until a switch begins a new state.
      if (isWiped) await this.#switch("close");
      await this.#switch("open");
    });
    const opened = machineTime();
    const answers = await this.#untilFree();
    const freeAfter = millisecondsSince(opened);
    const admissions = this.#admissions.read();
    for (const pid of killed.keys()) this.#admissions.forget(pid);
    const faults = plan.faults.map(({ fault }) => fault).filter((_, index) => happened[index]);
    return {
      faults: faults.map(({ name }) => name),
      outcome,
      expect,
      // A process at the level `presence` that starts without the store admits, and no barrier can see it.
      isPromised: level === "strict" || (expect !== null && !faults.some(({ restartsGate }) => restartsGate)),
      breaches: judge({ outcome, admissions, killed, changes, isEveryProcessFree: isFree(answers) }),
      ...{ answers, admitted: admissions.length, barrier, freeAfter, took: millisecondsSince(began) },
    };
  }

  async stop(): Promise<void> {
    clearInterval(this.#load);
    await Promise.all(this.#workers.map((worker) => worker.stop()));
    const store = await this.#controller.store();
    await this.#controller.dispose();
    await store.close();
    this.#admissions.close();
  }

  /** Begins and ends a fault. Resolves with whether its moment has come. */
  async #happen(planned: PlannedFault, id: number, scene: Omit<Scene, "gate">, over: AbortSignal): Promise<boolean> {
    const { fault, moment, length, isPastReturn } = planned;
    const { speed } = this.#options;
    const gate = this.#gates[planned.gate];
    if (gate === undefined) throw new RangeError(`There is no gate ${planned.gate}.`);
    const holder = holderOf(planned, this.#gates, this.#coordinator);
    if (moment.kind === "time") await sleep(moment.after / speed);
    if (moment.kind === "returned") await aborted(over);
    if (moment.kind === "call") {
      if (over.aborted || (await holder.next("reached", (report) => report.id === id, over)) === null) {
        holder.tell({ kind: "hold", holds: [] });
        return false;
      }
    }
    const end = await fault.begin({ ...scene, gate });
    if (moment.kind === "call") holder.tell({ kind: "go", id });
    if (isPastReturn) await aborted(over);
    await sleep(length / speed);
    await end();
    return true;
  }

  #send(): void {
    for (const gate of this.#gates) {
      this.#requests += 1;
      gate.send(this.#requests % 5 === 0 ? (this.#requests * 7) % WORK_MS : 0);
    }
  }

  async #switch(type: "open" | "close"): Promise<void> {
    await this.#persist(() => this.#controller[type](SITE));
  }

  /** The server may be away for a moment. */
  async #persist(work: () => Promise<unknown>): Promise<void> {
    let last: unknown;
    const isDone = await until(FREE_WITHIN_MS, async () => {
      try {
        await work();
        return true;
      } catch (error) {
        last = error;
        return false;
      }
    });
    if (!isDone) throw last;
  }

  /** Resolves with the last answer of each process: once it lets a request in, or when the time is over. */
  async #untilFree(): Promise<readonly number[]> {
    const free = this.#gates.map(async (gate) => {
      let answer = 0;
      await until(FREE_WITHIN_MS, async () => {
        // One that stops itself with the next request may have done so after its fault has ended.
        gate.signal("SIGCONT");
        answer = await gate.answer();
        return answer === 200;
      });
      return answer;
    });
    return await Promise.all(free);
  }
}

const isFree = (answers: readonly number[]): boolean => answers.every((status) => status === 200);

function holderOf(
  { moment, gate }: PlannedFault,
  gates: readonly GateWorker[],
  coordinator: CoordinatorWorker,
): GateWorker | CoordinatorWorker {
  return (moment.kind === "call" && moment.of === "gate" ? gates[gate] : null) ?? coordinator;
}

function holdsOf(
  { faults }: Plan,
  worker: GateWorker | CoordinatorWorker,
  gates: readonly GateWorker[],
): readonly Hold[] {
  return faults.flatMap(({ moment, gate }, id) => {
    if (moment.kind !== "call") return [];
    const holder = moment.of === "gate" ? gates[gate] : null;
    const isHolder = holder === null ? worker instanceof CoordinatorWorker : worker === holder;
    return isHolder ? [{ id, step: moment.step, when: moment.when, nth: moment.nth }] : [];
  });
}

async function linkTo({ port }: StoreUnderTest): Promise<TcpProxy | null> {
  return port === null ? null : await createTcpProxy({ to: { host: "127.0.0.1", port } });
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

function millisecondsSince(moment: bigint): number {
  return Number((machineTime() - moment) / 1_000_000n);
}
