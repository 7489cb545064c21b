import { afterAll, beforeAll, expect, test } from "vitest";
import { createController } from "../../src/control/controller.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { createGate } from "../../src/gate.ts";
import { silentLogger } from "../../src/logger.ts";
import type { Store } from "../../src/stores/store.ts";
import { type MeteredStore, openMetered } from "../support/servers/metered-store.ts";
import {
  openPlace,
  POSTGRES,
  REDIS,
  SQLITE,
  type StoreKind,
  type StoreServer,
} from "../support/servers/store-kinds.ts";

const COUNT = 100_000;
const IDS = Array.from({ length: COUNT }, (_, index) => `site-${index}`);
const BY = { kind: "program", label: "test" } as const;
const NEVER = 3_600_000;

/** A kind of store, and the maximum cost of a change, of following it, of a poll, and of loading five records. */
interface Case {
  readonly kind: StoreKind;
  readonly change: number;
  readonly follow: number;
  readonly poll: number;
  readonly five: number;
}

const KINDS: readonly Case[] = [
  // Rows read and written: the head, the site's record before and after, the change and its record.
  { kind: SQLITE, change: 12, follow: 3, poll: 1, five: 50 },
  // Bytes in both directions, including the statements.
  { kind: POSTGRES, change: 10_000, follow: 4_000, poll: 1_200, five: 10_000 },
  { kind: REDIS, change: 5_000, follow: 4_000, poll: 1_024, five: 10_000 },
];

for (const { kind, ...limits } of KINDS) {
  kind.suite(`100,000 sites in ${kind.name}`, () => {
    let server: StoreServer;
    const opened: { close(): Promise<unknown> }[] = [];

    beforeAll(async () => {
      server = await kind.start();
    });
    afterAll(async () => {
      for (const each of opened.reverse()) await each.close();
      await server?.stop();
    });

    async function metered(id: string): Promise<MeteredStore> {
      const store = await openMetered(kind, server, id);
      opened.push(store);
      return store;
    }
    async function prepared(id: string): Promise<Store> {
      const store = await openPlace(kind, server, id, { timeout: 60_000 });
      opened.push(store);
      return store;
    }

    test("with five closed: a start reads five records, and knows all sites", async () => {
      const store = await prepared("five_closed");
      const closed = IDS.filter((_, index) => index % 20_000 === 7);
      await createController({ store, sites: named(closed) }).execute({ type: "close", sites: closed }, BY);
      const reader = await metered("five_closed");
      await reader.store.load({ sites: [] });
      reader.taken();
      expect((await reader.store.load()).records.map(({ id }) => id).toSorted()).toEqual(closed.toSorted());
      expect(reader.taken()).toBeLessThanOrEqual(limits.five);
      // The cost of configuring so many sites does not depend on the store, so one store is enough.
      const sites = named(kind.store === SQLITE.store ? IDS : closed);
      const gate = createGate({ store, sites, logger: silentLogger, pollInterval: NEVER });
      opened.push(gate);
      await gate.ready();
      expect(IDS.filter((id) => gate.isClosed(id))).toEqual(closed);
    });

    test("with a record each: a change and following it cost one record, and a poll almost nothing", async () => {
      const store = await prepared("all_known");
      const records = IDS.map((id) => ({ id, version: 1, text: JSON.stringify({ hosts: [`${id}.example`] }) }));
      await store.importState({ lineage: "many", version: 1, records, history: [] }, { lineage: "", version: 0 });
      const [writer, follower] = [await metered("all_known"), await metered("all_known")];
      const controller = createController({ store: writer.store });
      let hints = 0;
      const { watch } = follower.store;
      const counted: Store = {
        ...follower.store,
        ...(watch && {
          watch: (listener, options) =>
            watch(() => {
              hints += 1;
              listener();
            }, options),
        }),
      };
      const gate = createGate({ store: counted, logger: silentLogger, pollInterval: NEVER });
      opened.push(gate);
      await gate.ready();
      expect(gateInternals(gate).snapshot.sites.size).toBeGreaterThanOrEqual(COUNT);
      // The first change on a connection prepares what later changes reuse.
      await controller.execute({ type: "close", sites: ["site-1"] }, BY);
      await expect.poll(() => gate.isClosed("site-1"), { timeout: 30_000 }).toBe(true);

      const switched: string[] = [];
      gate.subscribe((event) => event.type === "switched" && switched.push(event.site));
      const { sites: before } = gateInternals(gate).snapshot;
      hints = 0;
      for (const meter of [writer, follower]) meter.taken();
      await controller.execute({ type: "close", sites: ["site-77777"] }, BY);
      expect(writer.taken()).toBeLessThanOrEqual(limits.change);
      await expect.poll(() => gate.isClosed("site-77777"), { timeout: 30_000 }).toBe(true);
      const { sites: after } = gateInternals(gate).snapshot;
      expect(IDS.filter((id) => before.get(id) !== after.get(id))).toEqual(["site-77777"]);
      expect(switched).toEqual(["site-77777"]);
      if (server.port !== 0) {
        // SQLite sends no notifications, so the store polls it ten times a second and its cost varies.
        expect(follower.taken()).toBeLessThanOrEqual(limits.follow);
        expect(hints).toBe(1);
      }

      const position = await writer.store.load({ sites: [] });
      writer.taken();
      expect(await writer.store.changesSince(position)).toEqual([]);
      expect(writer.taken()).toBeLessThanOrEqual(limits.poll);
    });
  });
}

function named(ids: readonly string[]): Readonly<Record<string, { readonly hosts: readonly string[] }>> {
  return Object.fromEntries(ids.map((id) => [id, { hosts: [`${id}.example`] }]));
}
