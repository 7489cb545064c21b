import { setTimeout as sleep } from "node:timers/promises";
import type { CoordinatorWorker, GateWorker } from "./processes.ts";
import type { Random } from "./random.ts";
import type { StoreUnderTest } from "./stores.ts";

/** The things that a fault can happen to. */
export interface Scene {
  readonly store: StoreUnderTest;
  readonly gates: readonly GateWorker[];
  readonly coordinator: CoordinatorWorker;
  readonly random: Random;
  /** Reports that a process was killed. */
  killed(pid: number): void;
  /** How many times as fast as the machine's clock that of the processes runs. */
  readonly speed: number;
  /** Opens the site, as another operator would. */
  open(): Promise<void>;
  /** Removes the state and the list. */
  wipe(): Promise<void>;
}

export interface Fault {
  readonly name: string;
  /** How often it is chosen, in proportion to the others. */
  readonly weight: number;
  readonly needs?: "link" | "server";
  /** Happens to a process with a gate that is new afterwards. */
  readonly restartsGate?: true;
  /** The state and the list begin anew. */
  readonly wipes?: true;
  /** Begins and ends the fault. Resolves when it is over. */
  happen(scene: Scene): Promise<void>;
}

/** Milliseconds of a pause: from shorter than a round trip to longer than the observation, at the usual speed. */
const pauseOf = ({ random, speed }: Scene): number => random.between(200, 25_000) / speed;

const signalled = async (worker: GateWorker | CoordinatorWorker, milliseconds: number): Promise<void> => {
  worker.signal("SIGSTOP");
  await sleep(milliseconds);
  worker.signal("SIGCONT");
};

const stalled = async (worker: GateWorker | CoordinatorWorker, milliseconds: number): Promise<void> => {
  worker.link?.pause();
  await sleep(milliseconds);
  await worker.link?.resume();
};

const refused = async (worker: GateWorker | CoordinatorWorker, milliseconds: number): Promise<void> => {
  worker.link?.refuse();
  worker.link?.cut();
  await sleep(milliseconds);
  await worker.link?.resume();
};

const killed = async (worker: GateWorker | CoordinatorWorker, scene: Scene): Promise<void> => {
  scene.killed(await worker.kill());
  await sleep(scene.random.between(10, 5_000) / scene.speed);
  await worker.start();
};

const gateOf = ({ random, gates }: Scene): GateWorker => random.pick(gates);

const FAULTS: readonly Fault[] = [
  { name: "none", weight: 3, async happen() {} },
  { name: "process stopped (SIGSTOP)", weight: 6, happen: (scene) => signalled(gateOf(scene), pauseOf(scene)) },
  {
    name: "process killed, and started again",
    weight: 2,
    restartsGate: true,
    happen: (scene) => killed(gateOf(scene), scene),
  },
  {
    name: "process: connections to the store stalled",
    weight: 4,
    needs: "link",
    happen: (scene) => stalled(gateOf(scene), pauseOf(scene)),
  },
  {
    name: "process: connections to the store cut, and refused",
    weight: 3,
    needs: "link",
    happen: (scene) => refused(gateOf(scene), pauseOf(scene)),
  },
  {
    name: "process: connections cut once",
    weight: 2,
    needs: "link",
    async happen(scene) {
      gateOf(scene).link?.cut();
    },
  },
  {
    name: "process killed, and started again without the store",
    weight: 1,
    needs: "link",
    restartsGate: true,
    async happen(scene) {
      const gate = gateOf(scene);
      gate.link?.refuse();
      await killed(gate, scene);
      await sleep(pauseOf(scene));
      await gate.link?.resume();
    },
  },
  {
    name: "coordinator stopped (SIGSTOP)",
    weight: 3,
    happen: (scene) => signalled(scene.coordinator, scene.random.between(200, 50_000) / scene.speed),
  },
  { name: "coordinator killed", weight: 1, happen: (scene) => killed(scene.coordinator, scene) },
  {
    name: "coordinator: connections to the store stalled",
    weight: 2,
    needs: "link",
    happen: (scene) => stalled(scene.coordinator, pauseOf(scene)),
  },
  {
    name: "coordinator: connections to the store cut, and refused",
    weight: 2,
    needs: "link",
    happen: (scene) => refused(scene.coordinator, pauseOf(scene)),
  },
  {
    name: "coordinator: connections cut once",
    weight: 2,
    needs: "link",
    async happen({ coordinator }) {
      coordinator.link?.cut();
    },
  },
  { name: "another operator opens", weight: 2, happen: ({ open }) => open() },
  {
    name: "server killed, and started again",
    weight: 1,
    needs: "server",
    async happen({ store, random, speed }) {
      await store.server?.kill();
      await sleep(random.between(10, 5_000) / speed);
      await store.server?.start();
    },
  },
  { name: "store wiped", weight: 1, wipes: true, happen: ({ wipe }) => wipe() },
];

/** Returns the faults that can happen to a store, each as often as its weight. */
export function faultsOf({ port, server }: StoreUnderTest): readonly Fault[] {
  const possible = FAULTS.filter(
    ({ needs }) => !(needs === "link" && port === null) && !(needs === "server" && !server),
  );
  return possible.flatMap((fault) => Array.from({ length: fault.weight }, () => fault));
}
