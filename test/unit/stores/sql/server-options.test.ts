import { inspect } from "node:util";
import mysql from "mysql2";
import mysqlPromise from "mysql2/promise";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { isMaintenanceError } from "../../../../src/errors.ts";
import { mysqlStore } from "../../../../src/stores/mysql.ts";
import { postgresStore } from "../../../../src/stores/postgres.ts";
import type { Store } from "../../../../src/stores/store.ts";

const STORES: readonly [name: string, open: (options: object) => Store, protocol: string][] = [
  ["postgresStore", (options) => postgresStore(options), "postgres"],
  ["mysqlStore", (options) => mysqlStore(options), "mysql"],
];

describe.each(STORES)("%s", (name, open, protocol) => {
  test("opens nothing when it is created, and its name has no password", async () => {
    const store = open({ url: `${protocol}://me:s%40cret@db.example:1234/app` });
    expect(store.name).toMatch(/^(PostgreSQL|MySQL) at db\.example:1234\/app$/);
    await store.close();
    await expect(store.load()).rejects.toMatchObject({ code: "ERR_ALREADY_CLOSED" });
  });

  test("gets its name from the options of the driver as well", () => {
    const connection = { host: "db.example", database: "app", password: "secret" };
    expect(open({ connection }).name).toMatch(/ at db\.example:\d{4}\/app$/);
  });

  test("without an address, says what to pass", () => {
    for (const options of [{}, { url: undefined }]) {
      expect(() => open(options)).toThrow(
        expect.objectContaining({ code: "ERR_INVALID_OPTION", message: `${name} has no database.` }),
      );
    }
    expect(() =>
      open({
        url: `${protocol}://h/d`,
        client: new pg.Pool(),
        ...(protocol === "mysql" && { client: { getConnection() {} } }),
      }),
    ).toThrow(`${name} has more than one database.`);
  });

  test("does not repeat an invalid address", () => {
    for (const url of [
      `${protocol}://me:s#cret@h:x/app`,
      "http://me:s#cret@h/app",
      "s#cret",
      `${protocol}:me:s#cret@h/app`,
      "",
    ]) {
      const error = thrownBy(() => open({ url }));
      expect(isMaintenanceError(error, "ERR_INVALID_OPTION")).toBe(true);
      expect(inspect(error, { depth: 9 })).not.toContain("cret");
    }
  });

  test("says what is wrong with an address, without revealing it", () => {
    const none = `${name}: url is not the address of such a database`;
    expect(() => open({ url: "" })).toThrow(`${none}: it is empty.`);
    expect(() => open({ url: "redis://h/d" })).toThrow(`${none}: it begins with 'redis://'.`);
    expect(() => open({ url: `${protocol}:secret@h/d` })).toThrow(`${none}: it has no '//' after '${protocol}:'.`);
    expect(() => open({ url: "secret@h/d" })).toThrow(`${none}.`);
  });

  test.each(["abc", "", 0, 65_536, 1.5, true])("refuses the port %o", (port) => {
    const refused = { code: "ERR_INVALID_OPTION", message: `${name}: port '${port}' is no port.` };
    expect(() => open({ connection: { host: "h", port } })).toThrow(expect.objectContaining(refused));
  });

  test("accepts a port as a number and as a text", () => {
    for (const port of [1234, "1234"]) expect(open({ connection: { host: "h", port } }).name).toContain("h:1234");
  });

  test("refuses unknown options", () => {
    expect(() => open({ url: `${protocol}://h/d`, tabelPrefix: "a" })).toThrow(
      `${name}: unknown member 'tabelPrefix'.`,
    );
    expect(() => open({ url: `${protocol}://h/d`, tablePrefix: 'x"; drop' })).toThrow("tablePrefix");
    expect(() => open({ url: `${protocol}://h/d`, client: 7 })).toThrow("client");
  });
});

test("a store with a pool is named after the pool's server", () => {
  const pool = new pg.Pool({ connectionString: "postgres://me:secret@db.example/app" });
  expect(postgresStore({ client: pool }).name).toBe("PostgreSQL at db.example:5432/app");
  expect(postgresStore({ client: new pg.Pool({ host: "other.example" }) }).name).toBe(
    "PostgreSQL at other.example:5432",
  );
});

test.each([
  ["callbacks", mysql.createPool],
  ["promises", mysqlPromise.createPool],
])("a store with a pool of mysql2 with %s is named after its server", (_kind, createPool) => {
  const pool = createPool({ host: "db.example", port: 1234, database: "app", password: "secret" });
  expect(mysqlStore({ client: pool }).name).toBe("MySQL at db.example:1234/app");
});

test("a store with a pool of an unknown server is named as such", () => {
  expect(mysqlStore({ client: { getConnection() {} } }).name).toBe("MySQL in the application's own pool");
});

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
