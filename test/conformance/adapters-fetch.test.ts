import { describe, test } from "vitest";
import { fetchMaintenance } from "../../src/adapters/fetch.ts";
import { adapterConformance } from "../../src/testing/adapter-conformance.ts";
import { type BridgedHandler, fetchServer } from "../support/fetch-bridge.ts";
import { serve } from "../support/serve.ts";

const cases = adapterConformance({
  async start(gate, app) {
    const handler: BridgedHandler = (request) => app.fetch(request);
    const address = (_request: Request, info: { readonly address: string | undefined }) => info.address;
    return serve(fetchServer(fetchMaintenance(gate, handler, { address })));
  },
});

describe("around a fetch handler", () => {
  for (const { name, run } of cases) test(name, run);
});
