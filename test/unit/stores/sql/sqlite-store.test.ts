import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import BetterSqlite3 from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sqliteStore } from "../../../../src/stores/sqlite.ts";
import { change, draftFrom } from "../../../../src/testing/stores/session.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "maintenance-"));
  path = join(folder, "below", "state.db");
});
afterEach(() => rm(folder, { recursive: true }));

describe("the SQLite store", () => {
  test("creates nothing before the first change", async () => {
    const store = sqliteStore({ path });
    expect(await store.load()).toEqual({ lineage: "", version: 0, records: [] });
    expect(await store.changesSince({ lineage: "", version: 0 })).toEqual([]);
    expect(await store.history({ limit: 1 })).toEqual([]);
    expect((await store.examine?.())?.map(({ level }) => level)).toEqual(["ok"]);
    expect(existsSync(join(folder, "below"))).toBe(false);
    await change(store, { shop: {} });
    expect(existsSync(path)).toBe(true);
    await store.close();
  });

  test("notifies a watcher of the very first change, of another instance's, and of its own", async () => {
    const [store, other] = [sqliteStore({ path }), sqliteStore({ path })];
    const ending = new AbortController();
    let hints = 0;
    const hear = (): void => {
      hints += 1;
    };
    const watching = store.watch?.(hear, { signal: ending.signal });
    await expect.poll(() => hints).toBe(1);
    for (const writer of [other, other, store]) {
      const before = hints;
      await change(writer, { shop: { before } });
      await expect.poll(() => hints, { timeout: 10_000 }).toBeGreaterThan(before);
    }
    ending.abort();
    await watching;
    await Promise.all([store.close(), other.close()]);
  });

  test("has its default beside the state file of the project", () => {
    expect(sqliteStore().name).toMatch(/^SQLite in \/.+\/\.maintenance\/state\.db$/);
  });

  test.each([
    [{ pth: "x" }, "sqliteStore: unknown member 'pth'.", "Did you mean 'path'?"],
    [{ path: "" }, "sqliteStore, path: expected the path of a file, found ''.", ""],
    [{ tablePrefix: "a-b" }, "tablePrefix: expected up to 30 letters", ""],
    [{ keepChanges: 0 }, "keepChanges: expected a whole number from 1", ""],
    [{ driver: "sqlite3" }, "driver", ""],
    [{ client: {} }, "client: expected a database of better-sqlite3 or node:sqlite", ""],
    [{ client: { prepare: () => {} }, path: "a" }, "sqliteStore has a client, and a path as well.", "Leave out"],
  ])("refuses %j", (options, message, hint) => {
    const refused = expect.objectContaining({
      code: "ERR_INVALID_OPTION",
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
    expect(() => sqliteStore(options as object)).toThrow(refused);
  });

  test("drops the oldest changes, and makes callers that are behind reload", async () => {
    const store = sqliteStore({ path, keepChanges: 3 });
    const first = await change(store, { shop: {} });
    for (let index = 0; index < 4; index += 1) await change(store, { shop: { index } });
    expect((await store.history({ limit: 10 })).map(({ version }) => version)).toEqual([5, 4, 3]);
    expect(await store.changesSince(first)).toBe("reload");
    expect(await store.changesSince({ ...first, version: 4 })).toMatchObject([{ version: 5 }]);
    await store.close();
  });

  test("changes 100,000 records at once, and the next poll reads one row and no text of a record", async () => {
    const database = new DatabaseSync(":memory:");
    const reads: unknown[][] = [];
    const listening = {
      prepare: (sql: string) => {
        const statement = database.prepare(sql);
        const all = (...parameters: readonly never[]): unknown[] => {
          const rows = statement.all(...parameters);
          reads.push(rows);
          return rows;
        };
        return { all, run: (...parameters: readonly never[]) => statement.run(...parameters) };
      },
      exec: (sql: string) => database.exec(sql),
      close: () => database.close(),
    };
    const store = sqliteStore({ client: listening });
    const ids = Array.from({ length: 100_000 }, (_, index) => `site-${index}`);
    const position = await change(store, Object.fromEntries(ids.map((id) => [id, { message: "never to be read" }])));
    reads.length = 0;
    expect(await store.changesSince(position)).toEqual([]);
    expect(reads.map((rows) => rows.length)).toEqual([1]);
    expect(JSON.stringify(reads)).not.toContain("never to be read");
    reads.length = 0;
    expect((await store.load({ sites: ["site-7"] })).records).toHaveLength(1);
    expect(reads.map((rows) => rows.length)).toEqual([2]);
    await store.close();
    database.close();
  });

  test("waits for another writer without blocking, and reports a timeout", async () => {
    const store = sqliteStore({ path, timeout: 300 });
    await change(store, { shop: {} });
    const other = new DatabaseSync(path);
    other.exec("begin immediate");
    let turns = 0;
    const turning = setInterval(() => {
      turns += 1;
    }, 1);
    await expect(change(store, { shop: null })).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      hint: expect.stringContaining("writing for too long"),
    });
    clearInterval(turning);
    expect(turns).toBeGreaterThan(3);
    expect((await store.load()).version).toBe(1);
    other.exec("rollback");
    other.close();
    expect((await change(store, { shop: null })).version).toBe(2);
    await store.close();
  });

  test("reports a file that is not a database, with the fix, and does not change it", async () => {
    const file = join(folder, "state.db");
    await writeFile(file, "closed\n".repeat(1_000));
    const store = sqliteStore({ path: file });
    await expect(store.load()).rejects.toMatchObject({
      code: "ERR_STATE_UNREADABLE",
      message: expect.stringContaining(file),
      hint: expect.stringContaining(`mv '${file}'`),
    });
    await store.close();
  });

  test("reports a path that cannot be written", async () => {
    await writeFile(join(folder, "below"), "");
    const store = sqliteStore({ path });
    await expect(change(store, { shop: {} })).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
    await store.close();
  });
});

describe("the database of an application", () => {
  test.each([
    ["better-sqlite3", () => new BetterSqlite3(":memory:")],
    ["node:sqlite", () => new DatabaseSync(":memory:")],
  ])("with %s is used and not closed", async (_driver, open) => {
    const database = open();
    const store = sqliteStore({ client: database, tablePrefix: "app_" });
    await change(store, { shop: {} });
    await store.close();
    expect(database.prepare("select version from app_state").all()).toMatchObject([{ version: 1 }]);
    database.close();
  });

  test("is never inside a transaction of the store", async () => {
    const database = new BetterSqlite3(":memory:");
    const store = sqliteStore({ client: database });
    const state = await store.load();
    let over = false;
    const committing = store.commit(draftFrom(state, { shop: {}, blog: {} })).finally(() => {
      over = true;
    });
    while (!over) {
      expect(database.inTransaction).toBe(false);
      await null;
    }
    expect((await committing).ok).toBe(true);
    await store.close();
    database.close();
  });

  test("refuses the change if it is full, and keeps its content", async () => {
    const database = new BetterSqlite3(":memory:");
    const store = sqliteStore({ client: database });
    const position = await change(store, { shop: {} });
    database.pragma("max_page_count = 20");
    await expect(change(store, { blog: { message: "x".repeat(200_000) } })).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      hint: expect.stringContaining("space"),
    });
    expect(await store.changesSince(position)).toEqual([]);
    expect((await change(store, { shop: null })).version).toBe(2);
    await store.close();
    database.close();
  });
});
