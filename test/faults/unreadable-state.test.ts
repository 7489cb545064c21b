import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAdmin } from "../../src/admin/admin.ts";
import { createController } from "../../src/control/controller.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { createGate } from "../../src/gate.ts";
import type { Store } from "../../src/stores/store.ts";
import { draftFrom } from "../../src/testing/stores/session.ts";
import { requestFacts } from "../support/request-facts.ts";
import { EVERY_STORE } from "../support/servers/every-store.ts";

const BY = { kind: "program", label: "test" } as const;
const SITES = {
  shop: { hosts: ["shop.example"] },
  blog: { hosts: ["blog.example"] },
  docs: { hosts: ["docs.example"] },
};

/** Texts that a later release or an operator may have stored as the record of `shop`. */
const RECORDS = [
  ["edited into nonsense", { mode: "shut" }, "ERR_STATE_UNREADABLE"],
  ["of a later format", { format: 2, mode: "closed" }, "ERR_STATE_TOO_NEW"],
] as const;

function gateOver(store: Store) {
  const log: string[] = [];
  const note = (message: string): void => void log.push(message);
  const logger = { debug: () => {}, info: () => {}, warn: note, error: note };
  const gate = createGate({ sites: SITES, store, logger, whenNeverLoaded: "open" });
  const passes = (host: string): boolean => gateInternals(gate).decide(requestFacts({ host })).outcome === "allow";
  return { gate, log, passes };
}

async function write(store: Store, record: object): Promise<void> {
  const result = await store.commit(draftFrom(await store.load(), { shop: record }));
  expect(result.ok).toBe(true);
}

for (const { name, suite, start } of EVERY_STORE) {
  suite(`over the store ${name}`, () => {
    let server: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server?.stop());

    // Concurrent, because a store whose state is one text waits for the whole start timeout.
    describe.concurrent.each(RECORDS)("a record that is %s", (_what, record, code) => {
      async function opened() {
        const place = await server.place();
        const stores = [place.open(), place.open()] as const;
        const controller = createController({ sites: SITES, store: stores[0] });
        await controller.execute({ type: "close", sites: ["blog"] }, BY);
        const close = () => Promise.all(stores.map((store) => store.close()));
        return { store: stores[0], other: stores[1], controller, close };
      }

      test("closes its site in a process that has never read it, and is reported", async () => {
        const { store, other, controller, close } = await opened();
        await write(store, record);
        const { gate, log, passes } = gateOver(other);
        const status = await gate.ready();
        expect(status.error).toMatchObject({ code });
        expect([passes("shop.example"), passes("blog.example")]).toEqual([false, false]);
        expect(log.join("\n")).toContain("shop");
        if (other.capabilities.separateRecords) {
          expect(passes("docs.example")).toBe(true);
          expect(status).toMatchObject({ neverLoaded: false, unreadable: [{ site: "shop", code }] });
          await controller.execute({ type: "open", sites: ["blog"] }, BY);
          expect((await controller.state()).closedInstead.get("shop")).toMatchObject({ mode: "closed" });
        } else {
          expect(passes("docs.example")).toBe(false);
          await expect(controller.state()).rejects.toMatchObject({ code });
        }
        await expect(controller.execute({ type: "open", sites: ["shop"] }, BY)).rejects.toMatchObject({ code });
        await gate.close();
        await close();
      });

      test("is reported by the admin's health", async () => {
        const { store, other, controller, close } = await opened();
        await write(store, record);
        const { gate } = gateOver(other);
        await gate.ready();
        const admin = createAdmin({ gate, controller, authorize: () => ({ name: "mia", may: ["view"] }) });
        const health = await (await admin.fetch(new Request("http://localhost/maintenance/api/v1/health"))).json();
        expect(health).toMatchObject({ error: { code } });
        await admin.close?.();
        await gate.close();
        await close();
      });

      test("does not change the state of a process that has read it, and opens nothing", async () => {
        const { store, other, controller, close } = await opened();
        await controller.execute({ type: "close", sites: ["shop"], mode: "read-only" }, BY);
        const { gate } = gateOver(other);
        await gate.ready();
        await write(store, record);
        const status = await gate.refresh();
        expect(status.error).toMatchObject({ code });
        expect([gate.mode("shop"), gate.mode("blog"), gate.mode("docs")]).toEqual(["read-only", "closed", "open"]);
        await gate.close();
        await close();
      });
    });

    test("unknown members of a later release are kept by every change, and known members apply", async () => {
      const place = await server.place();
      const [store, other] = [place.open(), place.open()];
      await write(store, { mode: "closed", windows: [{ start: "x" }], notice: { title: "Soon", tone: "calm" } });
      const controller = createController({ sites: SITES, store });
      await controller.execute({ type: "close", sites: ["shop"], message: "Later" }, BY);
      const record = (await controller.state()).records.get("shop");
      await controller.execute(
        {
          type: "edit",
          site: "shop",
          version: record?.version ?? 0,
          lockdown: true,
          title: "A",
          message: "",
          translations: {},
          moreUrl: null,
        },
        BY,
      );
      const { gate } = gateOver(other);
      expect(await gate.ready()).toMatchObject({ error: null });
      expect(gate.mode("shop")).toBe("closed");
      const { records } = await other.load();
      const text = JSON.parse(records.find(({ id }) => id === "shop")?.text ?? "");
      expect(text).toMatchObject({ lockdown: true, windows: [{ start: "x" }], notice: { title: "A", tone: "calm" } });
      await gate.close();
      await Promise.all([store.close(), other.close()]);
    });
  });
}
