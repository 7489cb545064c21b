import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { ServedApp } from "../../src/testing/adapters/conformance.ts";

/** Makes `server` listen on a free port of 127.0.0.1. */
export async function serve(server: Server): Promise<ServedApp> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
