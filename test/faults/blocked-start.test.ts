import { once } from "node:events";
import { get } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createController } from "../../src/control/controller.ts";
import { runFixture } from "../fixtures/run-fixture.ts";
import { BY } from "../support/gate-under-test.ts";
import {
  MARIADB,
  NATS,
  openPlace,
  POSTGRES,
  REDIS,
  type StoreKind,
  type StoreServer,
} from "../support/servers/store-kinds.ts";

/** Milliseconds: longer than the start timeout and the deadline of each store. */
const BLOCKED = 6_000;
/** The number of requests that are sent at once when the server listens. */
const REQUESTS = 300;

// Concurrent, because these tests mostly wait, each for its own server.
describe.concurrent("a slow start", () => {
  for (const kind of [POSTGRES, MARIADB, REDIS, NATS] as readonly StoreKind[]) {
    kind.suite(`an application over ${kind.name}`, () => {
      let server: StoreServer;

      beforeAll(async () => {
        server = await kind.start();
        const store = await openPlace(kind, server, "place");
        await createController({ store, sites: { shop: {} } }).execute({ type: "close", sites: ["shop"] }, BY);
        await store.close();
      });
      afterAll(() => server?.stop());

      test("that blocks the event loop for six seconds lets no client into a closed site", async () => {
        const options = JSON.stringify(kind.options(server, "place", server.port));
        const { child, lines, ended } = runFixture("site-over-store", kind.store, options, BLOCKED);
        const port = Number((await lines.next()).value);
        const answers = await Promise.all(Array.from({ length: REQUESTS }, () => statusOf(port)));
        expect([...new Set(answers)]).toEqual([503]);
        child.kill("SIGKILL");
        await ended;
      });

      const closed = kind === NATS ? "its server, its gate and its store" : "its server, and nothing else,";
      test(`that closes ${closed} ends`, async () => {
        const options = JSON.stringify(kind.options(server, "place", server.port));
        const { child, lines, ended } = runFixture("site-over-store", kind.store, options);
        const port = Number((await lines.next()).value);
        expect(await statusOf(port)).toBe(503);
        child.kill("SIGTERM");
        expect(await ended).toMatchObject({ code: 0, signal: null });
      });
    });
  }
});

async function statusOf(port: number): Promise<number | undefined> {
  const request = get({ port, host: "127.0.0.1", headers: { host: "shop.example" }, agent: false });
  const [response] = await once(request, "response");
  response.resume();
  return response.statusCode;
}
