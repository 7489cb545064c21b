import { createController, createGate } from "maintenance-mode";
import { createAdmin } from "maintenance-mode/admin";
import { type FetchHandler, fetchMaintenance } from "maintenance-mode/fetch";
import { objectStorageStore } from "maintenance-mode/stores/object-storage";

/**
 * Creates a site and its admin over the object storage whose options `storage` contains, as JSON. `address` returns the address of the
 * peer.
 */
export function createSite<Rest extends readonly unknown[]>(
  storage: string,
  address: (request: Request, ...rest: Rest) => string | undefined,
): FetchHandler<Rest> {
  const store = objectStorageStore(JSON.parse(storage));
  const gate = createGate({
    store,
    pollInterval: 100,
    startTimeout: 1_000,
    trustProxy: ["127.0.0.1"],
    exempt: { paths: ["/healthz"], addresses: ["203.0.113.7"] },
  });
  const admin = createAdmin({
    gate,
    controller: createController({ store }),
    authorize: (request) =>
      request.headers.get("X-Operator") === "mia" && { name: "mia", may: ["view", "switch", "edit", "links"] },
  });
  const answer = (request: Request): Response | Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith(`${admin.basePath}/`)) return admin.fetch(request);
    return new Response(`hello from ${pathname}`);
  };
  return fetchMaintenance(gate, answer, { address });
}
