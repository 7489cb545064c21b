import { expect, test } from "vitest";
import { memoryStore } from "../../../src/stores/memory.ts";
import { chaosStore } from "../../../src/testing/doubles/chaos-store.ts";
import { inEachPlace, serveApp } from "./served-app.ts";

inEachPlace("without a store, %s", (place) => {
  test("row 23: the last state holds if the store fails after the start, and the status reports it", async () => {
    const { execute, statusOf, store, gate, clock } = await serveApp(place);
    await execute({ type: "close", until: "2026-11-21T13:00:00Z" });
    store.inject("fail");
    store.dropWatches();
    await gate.refresh();
    expect(await statusOf("/")).toBe(503);
    expect(gate.status()).toMatchObject({ state: "stale", error: { code: "ERR_STORE_UNAVAILABLE" } });
    await clock.advance(3_600_000);
    expect([await statusOf("/"), gate.status().state]).toEqual([200, "stale"]);
  });

  test.each([
    ["open", 200],
    ["closed", 503],
  ] as const)(
    "row 24: whenNeverLoaded applies if the store fails before the start: %s, and the page needs no store",
    async (policy, expected) => {
      const store = chaosStore(memoryStore());
      store.inject("fail");
      const { ask, gate } = await serveApp(place, { whenNeverLoaded: policy, startTimeout: 0, store });
      const { status, body, headers } = await ask({ headers: { "Accept-Language": "de" } });
      expect([status, gate.status().neverLoaded]).toEqual([expected, true]);
      if (policy === "closed") {
        expect(body).toContain('<html lang="de"');
        expect(headers.get("retry-after")).toBe("3600");
      }
    },
  );
});
