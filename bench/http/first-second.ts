import { createRandom, shuffled } from "../measure/random.ts";
import { openConnections } from "./connections.ts";
import { CONNECTIONS, type Endpoint, type MeasureOptions, type Rates } from "./interleave.ts";
import { startServer } from "./server-process.ts";
import type { ServerSpec } from "./server-spec.ts";

/**
 * The answers in the first second of load on a new process, for each endpoint in each round. Processes are not pinned: the compiler's
 * threads use the other core, as they do in use.
 */
export async function measureFirstSecond(
  servers: Readonly<Record<string, ServerSpec>>,
  endpoints: readonly Endpoint[],
  { quick, rounds }: MeasureOptions,
): Promise<(name: string) => Rates> {
  const random = createRandom(endpoints.length);
  const taken = new Map(endpoints.map(({ name }) => [name, [] as number[][]]));
  for (let round = 0; round < (quick ? 1 : rounds); round += 1) {
    for (const { name, server, port, requests } of shuffled(endpoints, random)) {
      const spec = servers[server];
      if (spec === undefined) throw new Error(`There is no server '${server}' for '${name}'.`);
      const process = await startServer(spec, "free");
      try {
        const connections = await openConnections(process.ports[port] ?? 0, requests, CONNECTIONS);
        taken.get(name)?.push([await connections.load(quick ? 100 : 1_000)]);
        connections.close();
      } finally {
        await process.stop();
      }
    }
  }
  return (name) => taken.get(name) ?? [];
}
