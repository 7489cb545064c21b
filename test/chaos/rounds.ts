import { open as openFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createController } from "../../src/control/controller.ts";
import { openStoreOf } from "../support/servers/open-store-of.ts";
import { type Fault, faultsOf, type Scene } from "./faults.ts";
import { type Breaches, type Change, judge, parseAdmissions } from "./judge.ts";
import { type BarrierOutcome, HOST, machineTime, type ProcessSettings, SITE } from "./messages.ts";
import { CoordinatorWorker, GateWorker, linkTo, until } from "./processes.ts";
import type { Random } from "./random.ts";
import type { StoreUnderTest } from "./stores.ts";

export interface RoundsOptions {
  readonly store: StoreUnderTest;
  readonly level: "strict" | "presence";
  readonly rounds: number;
  /** Milliseconds after which no further round begins. */
  readonly within: number;
  readonly speed: number;
  readonly random: Random;
  /** The file for admitted requests. */
  readonly log: string;
  /** A process that keeps no row, which a barrier cannot see: the harness has to find what it admits. */
  readonly withoutRow: boolean;
  onRound(round: Round): void;
}

export interface Round {
  readonly faults: readonly string[];
  /** `null` if the coordinator was killed. */
  readonly outcome: BarrierOutcome | null;
  readonly expect: number | null;
  /** Whether the exits 0 and 5 promise anything to this round. */
  readonly isPromised: boolean;
  readonly breaches: Breaches;
  readonly admitted: number;
  /** Milliseconds until the coordinator has returned. */
  readonly barrier: number;
  /** Milliseconds until every process was free again. */
  readonly freeAfter: number;
}

const GATES = 3;
/** Milliseconds within which every process is free: a sweep and two renewals, at any speed of at least 5. */
const FREE_WITHIN_MS = 30_000;
/** Maximum time of a barrier, by the scaled clock. */
const TIMEOUT = "40s";
const LOAD_EVERY_MS = 10;

/** Closes a site again and again while faults happen, and judges each round by what the processes have recorded. */
export async function runRounds(options: RoundsOptions): Promise<void> {
  const { store, level, speed, random, log, withoutRow } = options;
  const settings = { store: store.store, speed };
  const direct = store.options(store.port ?? 0);
  const controller = createController(
    { store: openStoreOf(store.store, direct), sites: { [SITE]: { hosts: [HOST] } } },
    { by: "observer" },
  );
  await (await controller.store()).migrations?.migrate();

  const gates: GateWorker[] = [];
  for (let index = 0; index < GATES; index += 1) {
    const link = await linkTo(store);
    const own = withoutRow && index === 0 ? "none" : level;
    gates.push(
      new GateWorker("gate-process.ts", { ...settings, options: optionsOf(store, link), level: own, log }, link),
    );
  }
  const link = await linkTo(store);
  const processSettings: ProcessSettings = { ...settings, options: optionsOf(store, link) };
  const coordinator = new CoordinatorWorker("coordinator-process.ts", processSettings, link);
  const load = setInterval(() => {
    for (const gate of gates) gate.send(random.next() < 0.2 ? random.between(1, 150) : 0);
  }, LOAD_EVERY_MS);

  let logAt = 0;
  async function readLog(): Promise<string> {
    const file = await openFile(log, "a+");
    try {
      const { size } = await file.stat();
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - logAt), 0, size - logAt, logAt);
      // The site is closed or was just opened: requests of an earlier round are of no interest.
      logAt = size;
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await file.close();
    }
  }

  /** The server may be away for a moment. */
  async function switchTo(work: () => Promise<unknown>): Promise<void> {
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

  const open = (): Promise<void> => switchTo(() => controller.open(SITE));

  async function isEveryProcessFree(): Promise<boolean> {
    for (const gate of gates) if (!(await until(FREE_WITHIN_MS, () => gate.isFree()))) return false;
    return true;
  }

  async function runOne(faults: readonly Fault[]): Promise<Round> {
    const killed = new Map<number, bigint>();
    const changes: Change[] = [];
    async function change(work: () => Promise<void>): Promise<void> {
      const began = machineTime();
      await work();
      changes.push({ began, ended: machineTime() });
    }
    const scene: Scene = {
      ...{ store, gates, coordinator, random, speed },
      killed: (pid) => void killed.set(pid, machineTime()),
      open: () => change(open),
      wipe: () => change(() => store.wipe()),
    };
    const isWiped = faults.some(({ wipes }) => wipes);
    const expect = isWiped || random.next() < 0.5 ? gates.length - (withoutRow ? 1 : 0) : null;
    await readLog();
    const happening = faults.map(async (fault) => {
      await sleep(random.between(50, 8_000) / speed);
      await fault.happen(scene);
    });
    const asked = machineTime();
    const outcome = await coordinator.run({ timeout: TIMEOUT, expect });
    const barrier = millisecondsSince(asked);
    // The promise is in force until the site is opened, while faults go on and end.
    await Promise.all([sleep(150), ...happening]);
    await change(async () => {
      // After a wipe gates keep what they have until a switch begins a new state.
      if (isWiped) await switchTo(() => controller.close(SITE));
      await open();
    });
    const began = machineTime();
    const isFree = await isEveryProcessFree();
    const admissions = parseAdmissions(await readLog());
    const restarts = faults.some(({ restartsGate }) => restartsGate);
    return {
      faults: faults.map(({ name }) => name),
      outcome,
      expect,
      // A process at the level `presence` that starts without the store admits, and no barrier can see it.
      isPromised: level === "strict" || (expect !== null && !restarts),
      breaches: judge({ outcome, admissions, killed, changes, isEveryProcessFree: isFree }),
      ...{ barrier, admitted: admissions.length, freeAfter: millisecondsSince(began) },
    };
  }

  const end = machineTime() + BigInt(options.within) * 1_000_000n;
  const possible = faultsOf(store);
  try {
    await Promise.all([...gates, coordinator].map((worker) => worker.start()));
    if (!(await isEveryProcessFree())) throw new Error("A process admits nothing before the first round.");
    for (let round = 0; round < options.rounds && machineTime() < end; round += 1) {
      const faults = random.next() < 0.2 ? [random.pick(possible), random.pick(possible)] : [random.pick(possible)];
      options.onRound(await runOne(faults));
    }
  } finally {
    clearInterval(load);
    await Promise.all([...gates, coordinator].map((worker) => worker.stop()));
    const opened = await controller.store();
    await controller.dispose();
    await opened.close();
  }
}

function optionsOf(store: StoreUnderTest, link: { readonly port: number } | null): object {
  return store.options(link?.port ?? 0);
}

function millisecondsSince(moment: bigint): number {
  return Number((machineTime() - moment) / 1_000_000n);
}
