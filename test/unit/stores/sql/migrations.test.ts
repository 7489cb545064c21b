import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { mysqlStore } from "../../../../src/stores/mysql.ts";
import { postgresStore } from "../../../../src/stores/postgres.ts";
import { sqliteStore } from "../../../../src/stores/sqlite.ts";
import type { Store, StoreMigrations } from "../../../../src/stores/store.ts";
import { change } from "../../../../src/testing/stores/session.ts";

const UP = [
  { name: "0001-state", direction: "up" },
  { name: "0002-log", direction: "up" },
  { name: "0003-members", direction: "up" },
];

let database: DatabaseSync;
let store: Store;
let migrations: StoreMigrations;
beforeEach(() => {
  database = new DatabaseSync(":memory:");
  store = sqliteStore({ client: database, autoMigrate: false });
  migrations = migrationsOf(store);
});
afterEach(async () => {
  await store.close();
  database.close();
});

describe("migrations", () => {
  test("are applied once", async () => {
    expect(await migrations.list()).toEqual(UP.map(({ name }) => ({ name, applied: false })));
    expect(await migrations.migrate()).toEqual(UP);
    expect(await migrations.migrate()).toEqual([]);
    expect(await migrations.list()).toEqual(UP.map(({ name }) => ({ name, applied: true })));
  });

  test("go to a step, forwards and back, and to none", async () => {
    expect(await migrations.migrate("0001-state")).toEqual([UP[0]]);
    expect(await migrations.migrate()).toEqual(UP.slice(1));
    expect(await migrations.migrate("0001-state")).toEqual([
      { name: "0003-members", direction: "down" },
      { name: "0002-log", direction: "down" },
    ]);
    expect(await migrations.migrate("none")).toEqual([{ name: "0001-state", direction: "down" }]);
    const left = database.prepare("select name from sqlite_master where name like 'maintenance_%' order by name").all();
    expect(left.map(({ name }) => name)).toEqual(["maintenance_migrations", "maintenance_migrations_lock"]);
    expect(await migrations.migrate()).toEqual(UP);
  });

  test("are listed as done, also with autoMigrate", async () => {
    const able = sqliteStore({ client: database });
    expect(await migrationsOf(able).migrate()).toEqual(UP);
    await able.close();
    await expect(migrationsOf(able).list()).rejects.toMatchObject({ code: "ERR_ALREADY_CLOSED" });
  });

  test("refuse an unknown step, with the known ones", async () => {
    await expect(migrations.migrate("0099-later")).rejects.toMatchObject({
      code: "ERR_INVALID_OPTION",
      message: "There is no migration '0099-later'.",
      hint: "It is one of 0001-state, 0002-log, 0003-members, or none for before the first.",
    });
    await expect(migrations.print("0099-later")).rejects.toMatchObject({ code: "ERR_INVALID_OPTION" });
  });

  test("keep the steps of a later release", async () => {
    await migrations.migrate();
    database.exec("insert into maintenance_migrations values ('0099-later', '2099-01-01T00:00:00.000Z')");
    await expect(migrations.migrate()).rejects.toMatchObject({
      code: "ERR_STATE_TOO_NEW",
      message: expect.stringContaining("0099-later"),
    });
    expect(await migrations.list()).toEqual([
      ...UP.map(({ name }) => ({ name, applied: true })),
      { name: "0099-later", applied: true, unknown: true },
    ]);
    expect(await store.examine?.()).toContainEqual({
      level: "warn",
      subject: "migrations",
      message: "0099-later was applied, and this release does not know it",
      hint: "Update maintenance-mode here: a newer release has created these tables.",
    });
  });

  test("are applied by a store that may do so, and otherwise named in the error", async () => {
    await migrations.migrate("0001-state");
    await expect(change(store, { shop: {} })).rejects.toMatchObject({ code: "ERR_NOT_MIGRATED" });
    const able = sqliteStore({ client: database });
    expect((await change(able, { shop: {} })).version).toBe(1);
    expect(await migrations.list()).toEqual(UP.map(({ name }) => ({ name, applied: true })));
    await able.close();
  });
});

describe("without the step of the list of processes", () => {
  beforeEach(() => migrations.migrate("0002-log"));

  test("the state is read and changed, the list names its table, and doctor warns", async () => {
    expect((await change(store, { shop: {} })).version).toBe(1);
    const { members } = store;
    await expect(members?.join({ id: "a", text: "{}" })).rejects.toMatchObject({
      code: "ERR_NOT_MIGRATED",
      message: expect.stringContaining("the table 'maintenance_members' is missing"),
    });
    await expect(members?.list()).rejects.toMatchObject({ code: "ERR_NOT_MIGRATED" });
    const findings = (await store.examine?.()) ?? [];
    expect(findings.filter(({ level }) => level !== "ok")).toMatchObject([
      { level: "warn", subject: "list of processes", hint: expect.stringContaining("maintenance-mode migrate") },
    ]);
  });

  test("a store that may create tables creates it, also if rows and changes come at once", async () => {
    const able = sqliteStore({ client: database });
    await Promise.all([able.members?.join({ id: "a", text: "{}" }), change(able, { shop: {} }), able.load()]);
    expect((await migrations.list()).at(-1)).toEqual({ name: "0003-members", applied: true });
    await able.close();
  });

  test("a store that may not create tables goes on without it", async () => {
    database.exec("pragma query_only = on");
    const unable = sqliteStore({ client: database });
    expect((await unable.load()).version).toBe(0);
    await expect(unable.members?.list()).rejects.toMatchObject({ code: "ERR_NOT_MIGRATED" });
    await unable.close();
  });
});

describe("printed migrations", () => {
  let folder: string | null = null;
  afterAll(async () => {
    if (folder !== null) await rm(folder, { recursive: true });
  });

  test("need no database", async () => {
    folder = await mkdtemp(join(tmpdir(), "maintenance-"));
    const unreachable = [
      sqliteStore({ path: join(folder, "absent", "state.db"), tablePrefix: "app_" }),
      postgresStore({ url: "postgres://nowhere.invalid/app", tablePrefix: "app_" }),
      mysqlStore({ url: "mysql://nowhere.invalid/app", tablePrefix: "app_" }),
    ];
    for (const absent of unreachable) {
      const printed = await migrationsOf(absent).print();
      const made = [...printed.matchAll(/^create table if not exists ["`](\w+)/gm)].map(([, name]) => name);
      const tables = ["migrations", "migrations_lock", "state", "sites", "changes", "change_records", "members"];
      expect(made).toEqual(tables.map((table) => `app_${table}`));
      expect(await migrationsOf(absent).print("0001-state")).not.toContain("app_changes");
      await absent.close();
    }
  });

  test("have the same result in SQLite as migrating", async () => {
    database.exec(await migrations.print());
    expect(await migrations.migrate()).toEqual([]);
    expect((await change(store, { shop: {} })).version).toBe(1);
  });

  test("have the same result in PostgreSQL as migrating, in a schema of their own", async () => {
    const pglite = await PGlite.create();
    const postgres = postgresStore({ client: pglite, schema: "ops", tablePrefix: "app_" });
    await pglite.exec(await migrationsOf(postgres).print());
    expect(await migrationsOf(postgres).migrate()).toEqual([]);
    expect((await change(postgres, { shop: {} })).version).toBe(1);
    expect((await pglite.query("select id from ops.app_sites")).rows).toEqual([{ id: "shop" }]);
    await postgres.close();
    await pglite.close();
  }, 60_000);
});

function migrationsOf({ migrations: found }: Store): StoreMigrations {
  if (found === undefined) throw new Error("an SQL store has migrations");
  return found;
}
