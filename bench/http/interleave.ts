import { createRandom, shuffled } from "../measure/random.ts";
import { type Connections, openConnections } from "./connections.ts";
import { pinClient } from "./cores.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import type { ServerSpec } from "./server-spec.ts";

export interface Endpoint {
  readonly name: string;
  /** The key of its server, each of which is a process. */
  readonly server: string;
  /** Which of the ports of the server. */
  readonly port: number;
  readonly requests: readonly Buffer[];
}

export interface MeasureOptions {
  /** One short round, to check that everything runs. */
  readonly quick: boolean;
  /** The number of times that all servers are started. */
  readonly rounds: number;
}

/** Answers per time, by round and slot. Slots with the same index are at most a second apart, or are the first second of a process. */
export type Rates = readonly (readonly number[])[];

/** Measured between processes of the same server: with slots of 25 ms the A/A of a round is twice as far from 1, with 5 ms no nearer. */
const SLOT_MS = 10;
/** The slots of each endpoint in a round, and those before them that do not count. */
const PASSES = 100;
const WARM_UP = 40;
/** With fewer than eight, a server sometimes waits for the client. */
export const CONNECTIONS = 16;

/**
 * Loads one server at a time for 10 ms, all of them in a random order, many times over. Each has its own process: in a single one they
 * would share what the compiler learns, and the bare server would run the code that the gate needs. Two processes of the same server
 * differ by 1 to 2 % until they are restarted, so several rounds are needed. Rates are by the server's CPU time, since the
 * clock also counts what other programs on the machine use.
 */
export async function measureInSlots(
  servers: Readonly<Record<string, ServerSpec>>,
  endpoints: readonly Endpoint[],
  { quick, rounds: wanted }: MeasureOptions,
): Promise<(name: string) => Rates> {
  pinClient();
  const [rounds, passes, warmUp] = quick ? [1, 10, 10] : [wanted, PASSES, WARM_UP];
  const random = createRandom(endpoints.length);
  const taken = new Map(endpoints.map(({ name }) => [name, [] as number[][]]));
  for (let round = 0; round < rounds; round += 1) {
    const started = new Map<string, ServerProcess>();
    const loaded: { name: string; process: ServerProcess; connections: Connections }[] = [];
    try {
      for (const [name, spec] of shuffled(Object.entries(servers), random))
        started.set(name, await startServer(spec, "pinned"));
      for (const { name, server, port, requests } of endpoints) {
        const process = started.get(server);
        if (process === undefined) throw new Error(`There is no server '${server}' for '${name}'.`);
        const connections = await openConnections(process.ports[port] ?? 0, requests, CONNECTIONS);
        loaded.push({ name, process, connections });
        taken.get(name)?.push([]);
      }
      for (let pass = -warmUp; pass < passes; pass += 1) {
        for (const { name, process, connections } of shuffled(loaded, random)) {
          const before = process.cpuTime();
          const answers = await connections.load(SLOT_MS);
          if (pass >= 0) taken.get(name)?.[round]?.push(answers / (process.cpuTime() - before));
        }
      }
    } finally {
      for (const { connections } of loaded) connections.close();
      await Promise.all([...started.values()].map((server) => server.stop()));
    }
  }
  return (name) => taken.get(name) ?? [];
}
