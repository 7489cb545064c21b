import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import Database from "better-sqlite3";
import { describe, test } from "vitest";
import { sqliteStore } from "../../src/stores/sqlite.ts";
import { storeConformance } from "../../src/testing/stores/conformance.ts";

describe.each(["node:sqlite", "better-sqlite3"] as const)("the SQLite store over %s", (driver) => {
  async function open() {
    const folder = await mkdtemp(join(tmpdir(), "maintenance-"));
    const path = join(folder, "state.db");
    const stores = [sqliteStore({ path, driver })];
    const another = async () => {
      const store = sqliteStore({ path, driver });
      stores.push(store);
      return store;
    };
    const wipe = async () => {
      for (const end of ["", "-wal", "-shm"]) await rm(`${path}${end}`, { force: true });
    };
    // By the driver of the store: two libraries in one process would release each other's locks.
    const change = (sql: string): void => {
      const database = driver === "node:sqlite" ? new DatabaseSync(path) : new Database(path);
      database.exec(sql);
      database.close();
    };
    const backup = async () => {
      const copy = join(folder, "copy.db");
      const database = new DatabaseSync(path);
      database.exec(`vacuum into '${copy}'`);
      database.close();
      return async () => {
        await wipe();
        await rename(copy, path);
      };
    };
    return {
      store: stores[0] ?? (await another()),
      another,
      wipe,
      backup,
      wipeMembers: async () => change("delete from maintenance_members"),
      damageMember: async (id: string) =>
        change(`update maintenance_members set text = 'cut off' where id = 'row-${id}'`),
      dispose: async () => {
        await Promise.all(stores.map((store) => store.close()));
        await rm(folder, { recursive: true });
      },
    };
  }

  for (const { name, run } of storeConformance({ open })) test(name, run);
});
