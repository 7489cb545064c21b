import { expect, test } from "vitest";
import type { Store } from "../../src/stores/store.ts";
import { startStoreProcess } from "./store-process.ts";

/** Defines cases in which several processes use one database. `fresh` returns the options of a store without tables or state. */
export function processCases<Options extends object>(
  kind: "sqlite" | "postgres" | "mysql",
  open: (options: Options) => Store,
  fresh: () => Promise<Options>,
): void {
  async function withStore(options: Options, work: (store: Store) => Promise<void>): Promise<void> {
    const store = open(options);
    try {
      await work(store);
    } finally {
      await store.close();
    }
  }

  test("ten processes that migrate at once run each step once", async () => {
    const options = await fresh();
    const processes = Array.from({ length: 10 }, () => startStoreProcess(kind, options, "migrate"));
    expect(await Promise.all(processes.map(({ ended }) => ended))).toEqual(Array(10).fill(0));
    const done = processes.flatMap(({ lines }) => JSON.parse(lines[0] ?? "[]"));
    expect(done).toEqual([
      { name: "0001-state", direction: "up" },
      { name: "0002-log", direction: "up" },
      { name: "0003-members", direction: "up" },
    ]);
    await withStore(options, async (store) => {
      expect((await store.migrations?.list())?.every(({ applied }) => applied)).toBe(true);
    });
  });

  test("two processes that write one record at once lose nothing", async () => {
    const options = { ...(await fresh()), autoMigrate: true };
    const processes = [1, 2].map(() => startStoreProcess(kind, options, "increment", 50));
    await Promise.all(processes.map(({ ended }) => ended));
    await withStore(options, async (store) => {
      const { version, records } = await store.load();
      expect({ version, records }).toEqual({
        version: 100,
        records: [{ id: "counter", version: 100, text: '{"value":100}' }],
      });
      const values = processes.flatMap(({ lines }) => lines.map(Number)).sort((a, b) => a - b);
      expect(values).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    });
  });

  test("a killed writer leaves a complete state, with every acknowledged change", async () => {
    const options = { ...(await fresh()), autoMigrate: true };
    for (const lines of [3, 8]) {
      const writer = startStoreProcess(kind, options, "many", 1_000_000);
      await writer.printed(lines);
      writer.child.kill("SIGKILL");
      await writer.ended;
      await withStore(options, async (store) => {
        const { version, records } = await store.load();
        expect(new Set(records.map(({ text }) => text)).size).toBe(1);
        expect(records).toHaveLength(300);
        expect(JSON.parse(records[0]?.text ?? "").value).toBe(version);
        expect(version).toBeGreaterThanOrEqual(Number(writer.lines.at(-1)));
        const history = await store.history({ limit: 1_000 });
        expect(history.map((change) => change.version)).toEqual(Array.from(history, (_, index) => version - index));
        expect(history.every((change) => change.records.length === 300)).toBe(true);
      });
    }
  });
}
