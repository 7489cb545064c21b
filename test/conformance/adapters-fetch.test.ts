import { describe, test } from "vitest";
import { fetchMaintenance, maintenanceOff, maintenanceOn } from "../../src/adapters/fetch.ts";
import { adapterConformance } from "../../src/testing/adapters/conformance.ts";
import { type BridgedHandler, fetchServer } from "../support/fetch-bridge.ts";
import { serve } from "../support/serve.ts";

const cases = adapterConformance({
  routes: true,
  async start(gate, app) {
    const handler: BridgedHandler = (request) => app.fetch(request);
    const address = (_request: Request, info: { readonly address: string | undefined }) => info.address;
    const routes = new Map([
      ["/forced-open", fetchMaintenance(gate, maintenanceOff(handler), { address })],
      ["/forced-closed", maintenanceOn(handler, gate)],
    ]);
    const others = fetchMaintenance(gate, handler, { address });
    return serve(fetchServer((request, info) => (routes.get(new URL(request.url).pathname) ?? others)(request, info)));
  },
});

describe("around a fetch handler", () => {
  for (const { name, run } of cases) test(name, run);
});
