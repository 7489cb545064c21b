import { type Answer, fetchAnswer } from "./answer.ts";
import { startServer } from "./server-process.ts";
import type { ServerSpec } from "./server-spec.ts";

/** Returns the answers of a server, in the order of `requests`. */
export async function answersOf(spec: ServerSpec, requests: readonly Buffer[]): Promise<readonly Answer[]> {
  const server = await startServer(spec);
  try {
    const port = server.ports[0] ?? 0;
    return await Promise.all(requests.map((request) => fetchAnswer(port, request)));
  } finally {
    await server.stop();
  }
}
