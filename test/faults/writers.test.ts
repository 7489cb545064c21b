import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { Store } from "../../src/stores/store.ts";
import { type FixtureRun, runFixture } from "../fixtures/run-fixture.ts";
import { openPlace, SQLITE, STORES_WITH_A_SERVER, type StoreServer } from "../support/servers/store-kinds.ts";
import { withSite } from "../support/site-under-fault.ts";

const HOUR = 3_600_000;

for (const kind of [SQLITE, ...STORES_WITH_A_SERVER]) {
  kind.suite(`a site over ${kind.name} follows`, () => {
    let server: StoreServer;
    let store: Store;
    let places = 0;

    beforeAll(async () => {
      server = await kind.start();
    });
    afterAll(() => server?.stop());
    beforeEach(async () => {
      places += 1;
      store = await openPlace(kind, server, `place_${places}`);
      return () => store.close();
    });

    /** Starts a process that closes the site `count` times. */
    function write(label: string, count: number): FixtureRun {
      const options = kind.options(server, `place_${places}`, server.port);
      return runFixture("switch-shop", kind.store, JSON.stringify(options), label, count);
    }
    const reasons = async (): Promise<readonly string[]> =>
      (await store.history({ limit: 1_000 })).map(({ reason }) => reason);

    test("two writers at once: every change of each, once", async () => {
      await withSite(store, async (site) => {
        const ends = await Promise.all(["one", "two"].map((label) => write(label, 10).ended));
        const announced = ends.flatMap(({ output }) => output.trim().split("\n"));
        expect(announced).toHaveLength(20);
        await site.becomes("closed");
        await site.reports({ error: null, version: 20 });
        expect((await reasons()).toSorted()).toEqual(announced.toSorted());
      });
    });

    test("a writer up to the change at which it was killed", async () => {
      await withSite(store, async (site) => {
        const { child, lines, ended } = write("killed", 1_000_000);
        for (let line = 0; line < 5; line += 1) await lines.next();
        child.kill("SIGKILL");
        const announced = (await ended).output.split("\n").slice(0, -1);
        await site.becomes("closed");
        // The server may need this long to notice that the killed writer is gone.
        await expect.poll(() => site.switch("open", store), { timeout: 30_000 }).toBeNull();
        const stored = await reasons();
        expect(announced.filter((reason) => !stored.includes(reason))).toEqual([]);
        // The interrupted change may have been written without being announced.
        expect(stored.length - 1 - announced.length).toBeLessThanOrEqual(1);
        await site.becomes("open");
        await site.reports({ error: null, version: stored.length });
      });
    });

    test("changes after the clock is set back by an hour", async () => {
      let ahead = HOUR;
      const clock: Clock = { ...systemClock, now: () => Date.now() + ahead };
      await withSite(
        store,
        async (site) => {
          expect(await site.switch("closed", store)).toBeNull();
          await site.becomes("closed");
          ahead = 0;
          expect(await site.switch("open", store)).toBeNull();
          await site.becomes("open");
          expect(await site.switch("closed", store)).toBeNull();
          await site.becomes("closed");
          await site.reports({ error: null, version: 3 });
          await site.hasLostNothing(store);
          const [newest, , oldest] = await store.history({ limit: 3 });
          expect(Date.parse(newest?.at ?? "")).toBeLessThan(Date.parse(oldest?.at ?? ""));
        },
        clock,
      );
    });
  });
}
