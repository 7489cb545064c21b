import type { Order } from "./messages.ts";
import type { CoordinatorWorker, GateWorker } from "./processes.ts";
import type { StoreUnderTest } from "./stores.ts";

/** The things that a fault can happen to. */
export interface Scene {
  readonly store: StoreUnderTest;
  readonly gates: readonly GateWorker[];
  /** The gate that the fault happens to. */
  readonly gate: GateWorker;
  readonly coordinator: CoordinatorWorker;
  /** Resolves when the process is gone. */
  kill(worker: GateWorker | CoordinatorWorker): Promise<void>;
  /** Opens the site, as another operator would. */
  open(): Promise<void>;
  /** Closes it, as another operator would. */
  close(): Promise<void>;
  /** Removes the state and the list. */
  wipe(): Promise<void>;
}

/** Ends a fault. */
type End = () => Promise<void> | void;

export interface Fault {
  readonly name: string;
  /** How often it is chosen, in proportion to the others. */
  readonly weight: number;
  readonly happensTo: "gate" | "coordinator" | "all";
  readonly needs?: "link" | "server";
  /** Happens to a process with a gate that is new afterwards. */
  readonly restartsGate?: true;
  /** The state and the list begin anew. */
  readonly wipes?: true;
  /** Resolves when the fault has begun, with what ends it. */
  begin(scene: Scene): Promise<End> | End;
}

type Either = GateWorker | CoordinatorWorker;

/** For a request to arrive that is let in. */
const REQUEST_WITHIN_MS = 60;
/** Scaled milliseconds by which wall clocks are set. */
const HOUR_MS = 3_600_000;
const nothing: End = () => {};

function stopped(worker: Either): End {
  worker.signal("SIGSTOP");
  return () => worker.signal("SIGCONT");
}

async function stoppedByItself(worker: Either, order: Extract<Order, { kind: "stop" }>): Promise<End> {
  const stopping = worker.next("stopping", () => true, AbortSignal.timeout(REQUEST_WITHIN_MS));
  worker.tell(order);
  await stopping;
  return () => {
    worker.signal("SIGCONT");
    worker.tell({ kind: "stop", at: "never", sleeps: false });
  };
}

/** Holds back what the process sends to its store; over a file, its calls. */
function stalled(worker: Either): End {
  if (worker.link === null) worker.tell({ kind: "store", state: "away" });
  worker.link?.pause();
  return async () => {
    worker.tell({ kind: "store", state: "reached" });
    await worker.link?.resume();
  };
}

function refused(worker: Either): End {
  worker.link?.refuse();
  worker.link?.cut();
  return () => worker.link?.resume();
}

async function killed(worker: Either, { kill }: Scene): Promise<End> {
  await kill(worker);
  return () => worker.start();
}

function told(worker: Either, ...orders: readonly Order[]): End {
  for (const order of orders) worker.tell(order);
  return nothing;
}

export const FAULTS: readonly Fault[] = [
  { name: "none", weight: 3, happensTo: "all", begin: () => nothing },
  { name: "process stopped", weight: 6, happensTo: "gate", begin: ({ gate }) => stopped(gate) },
  {
    name: "process stopped between decision and application",
    weight: 3,
    happensTo: "gate",
    begin: ({ gate }) => stoppedByItself(gate, { kind: "stop", at: "application", sleeps: false }),
  },
  {
    name: "process stopped, its monotonic clock too",
    weight: 3,
    happensTo: "gate",
    begin: ({ gate }) => stoppedByItself(gate, { kind: "stop", at: "once", sleeps: true }),
  },
  {
    name: "process killed, started again",
    weight: 3,
    happensTo: "gate",
    restartsGate: true,
    begin: (scene) => killed(scene.gate, scene),
  },
  {
    name: "process killed, started again without the store",
    weight: 2,
    happensTo: "gate",
    needs: "link",
    restartsGate: true,
    async begin(scene) {
      const { gate } = scene;
      const reached = refused(gate);
      const started = await killed(gate, scene);
      await started();
      return reached;
    },
  },
  { name: "process: store stalled", weight: 6, happensTo: "gate", begin: ({ gate }) => stalled(gate) },
  {
    name: "process: connections cut and refused",
    weight: 4,
    happensTo: "gate",
    needs: "link",
    begin: ({ gate }) => refused(gate),
  },
  {
    name: "process: connections cut once",
    weight: 2,
    happensTo: "gate",
    needs: "link",
    begin({ gate }) {
      gate.link?.cut();
      return nothing;
    },
  },
  {
    name: "process: an answer of the store lost",
    weight: 3,
    happensTo: "gate",
    begin: ({ gate }) => told(gate, { kind: "store", state: "loses an answer" }),
  },
  {
    name: "process: wall clock set forward",
    weight: 1,
    happensTo: "gate",
    begin: ({ gate }) => told(gate, { kind: "wall", by: HOUR_MS }),
  },
  {
    name: "process: wall clock set back, store stalled",
    weight: 2,
    happensTo: "gate",
    begin({ gate }) {
      told(gate, { kind: "wall", by: -HOUR_MS });
      return stalled(gate);
    },
  },
  {
    name: "process: monotonic clock stands still, store stalled",
    weight: 2,
    happensTo: "gate",
    begin({ gate }) {
      told(gate, { kind: "monotonic", runs: false });
      const reached = stalled(gate);
      return async () => {
        gate.tell({ kind: "monotonic", runs: true });
        await reached();
      };
    },
  },
  {
    name: "coordinator stopped",
    weight: 4,
    happensTo: "coordinator",
    begin: ({ coordinator }) => stopped(coordinator),
  },
  {
    name: "coordinator killed",
    weight: 2,
    happensTo: "coordinator",
    begin: (scene) => killed(scene.coordinator, scene),
  },
  {
    name: "coordinator: store stalled",
    weight: 3,
    happensTo: "coordinator",
    begin: ({ coordinator }) => stalled(coordinator),
  },
  {
    name: "coordinator: connections cut and refused",
    weight: 2,
    happensTo: "coordinator",
    needs: "link",
    begin: ({ coordinator }) => refused(coordinator),
  },
  {
    name: "coordinator: connections cut once",
    weight: 2,
    happensTo: "coordinator",
    needs: "link",
    begin({ coordinator }) {
      coordinator.link?.cut();
      return nothing;
    },
  },
  {
    name: "coordinator: an answer of the store lost",
    weight: 3,
    happensTo: "coordinator",
    begin: ({ coordinator }) => told(coordinator, { kind: "store", state: "loses an answer" }),
  },
  {
    name: "coordinator: wall clock set",
    weight: 2,
    happensTo: "coordinator",
    begin({ coordinator }) {
      coordinator.tell({ kind: "wall", by: -HOUR_MS });
      return () => coordinator.tell({ kind: "wall", by: 2 * HOUR_MS });
    },
  },
  {
    name: "another operator opens",
    weight: 2,
    happensTo: "all",
    async begin({ open }) {
      await open();
      return nothing;
    },
  },
  {
    name: "another operator opens and closes",
    weight: 2,
    happensTo: "all",
    async begin({ open, close }) {
      await open();
      await close();
      return nothing;
    },
  },
  {
    name: "store stalled for all",
    weight: 2,
    happensTo: "all",
    begin({ gates, coordinator }) {
      const ends = [...gates, coordinator].map(stalled);
      return async () => {
        for (const end of ends) await end();
      };
    },
  },
  {
    name: "server killed, started again",
    weight: 2,
    happensTo: "all",
    needs: "server",
    async begin({ store }) {
      await store.server?.kill();
      return () => store.server?.start();
    },
  },
  {
    name: "store wiped",
    weight: 2,
    happensTo: "all",
    wipes: true,
    async begin({ wipe }) {
      await wipe();
      return nothing;
    },
  },
];

/** Returns the faults that can happen to a store, each as often as its weight. */
export function faultsOf({ port, server }: Pick<StoreUnderTest, "port" | "server">): readonly Fault[] {
  const possible = FAULTS.filter(
    ({ needs }) => !(needs === "link" && port === null) && !(needs === "server" && server === null),
  );
  return possible.flatMap((fault) => Array.from({ length: fault.weight }, () => fault));
}
