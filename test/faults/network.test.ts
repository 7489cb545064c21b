import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Store } from "../../src/stores/store.ts";
import { createTcpProxy, type TcpProxy } from "../../src/testing/doubles/tcp-proxy.ts";
import { openStoreOf } from "../support/servers/open-store-of.ts";
import { openPlace, STORES_WITH_A_SERVER, type StoreServer } from "../support/servers/store-kinds.ts";
import { withSite } from "../support/site-under-fault.ts";

const AWAY = { code: "ERR_STORE_UNAVAILABLE" };
/** The timeout of the stores, in milliseconds. */
const DEADLINE = 500;
/** More chunks than any switch needs, including the connection. */
const MAX_PIECES = 200;

for (const kind of STORES_WITH_A_SERVER) {
  kind.suite(`a site over ${kind.name}, through a network`, () => {
    let server: StoreServer;
    let proxy: TcpProxy;
    /** The store without the failing network in between. */
    let elsewhere: Store;
    let places = 0;
    const stores: Store[] = [];

    beforeAll(async () => {
      server = await kind.start();
    });
    afterAll(() => server?.stop());
    beforeEach(async () => {
      places += 1;
      elsewhere = await openPlace(kind, server, `place_${places}`);
      stores.push(elsewhere);
      proxy = await createTcpProxy({ to: { host: "127.0.0.1", port: server.port } });
    });
    afterEach(async () => {
      await Promise.all(stores.splice(0).map((store) => store.close()));
      await proxy.close();
    });

    function here(timeout = DEADLINE): Store {
      const store = openStoreOf(kind.store, { ...kind.options(server, `place_${places}`, proxy.port), timeout });
      stores.push(store);
      return store;
    }

    test("keeps the state when the network drops everything, reports it, refuses to switch, and follows again", async () => {
      const store = here();
      await withSite(store, async (site) => {
        expect(await site.switch("closed", store)).toBeNull();
        await site.becomes("closed");
        proxy.pause();
        await site.holds("closed", async () => {
          await site.reports({ state: "stale", error: AWAY });
          expect(await site.switch("open", store)).toMatchObject(AWAY);
          expect(await site.switch("open", elsewhere)).toBeNull();
        });
        await proxy.resume();
        await site.becomes("open");
        await site.reports({ error: null, version: 2 });
        await expect.poll(() => site.switch("closed", store), { timeout: 30_000 }).toBeNull();
        await site.becomes("closed");
        await site.hasLostNothing(elsewhere);
      });
    });

    test("treats answers slower than the deadline as failures, and follows again when they are fast", async () => {
      const store = here();
      await withSite(store, async (site) => {
        await site.becomes("open");
        proxy.delay(2 * DEADLINE);
        await site.holds("open", async () => {
          await site.reports({ state: "stale", error: AWAY });
          expect(await site.switch("closed", elsewhere)).toBeNull();
        });
        proxy.delay(0);
        await site.becomes("closed");
        await site.reports({ error: null, version: 1 });
        await site.hasLostNothing(elsewhere);
      });
    });

    test("follows slow answers within the deadline, and is not stale", async () => {
      const store = here(10_000);
      await withSite(store, async (site) => {
        const states = new Set<string>();
        site.gate.subscribe((event) => event.type === "status" && states.add(event.state));
        proxy.delay(50);
        expect(await site.switch("closed", store)).toBeNull();
        await site.becomes("closed");
        expect(await site.switch("open", store)).toBeNull();
        await site.becomes("open");
        expect(states).not.toContain("stale");
      });
    });

    test("loses no accepted change and duplicates none when connections are reset, also during a commit", async () => {
      const store = here(5_000);
      await withSite(store, async (site) => {
        const refusals: string[] = [];
        // Cuts the connection one chunk later each time, from the first chunk to beyond the last. The gate's reads count as chunks too, so
        // two switches in a row must succeed.
        let inARow = 0;
        for (let pieces = 0; (inARow < 2 || refusals.length === 0) && pieces < MAX_PIECES; pieces += 1) {
          // Gives the driver time to notice the previous cut; otherwise it still writes to the lost connection.
          await sleep(20);
          proxy.cutAfter(pieces);
          const refused = await site.switch("closed", store);
          inARow = refused === null ? inARow + 1 : 0;
          if (refused !== null) refusals.push(refused.code);
        }
        proxy.cutAfter(Number.POSITIVE_INFINITY);
        expect(inARow).toBeGreaterThanOrEqual(2);
        expect(new Set(refusals)).toEqual(new Set([AWAY.code]));
        await expect.poll(() => site.switch("open", store), { timeout: 30_000 }).toBeNull();
        await site.becomes("open");
        await site.reports({ error: null, version: (await elsewhere.load()).version });
        await site.hasLostNothing(elsewhere);
      });
    });
  });
}
