import mysql from "mysql2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mysqlStore } from "../../src/stores/mysql.ts";
import { change } from "../../src/testing/stores/session.ts";
import { databaseServerCases } from "../support/database-server-cases.ts";
import { documentedGrants } from "../support/documented-grants.ts";
import { requireService } from "../support/require-service.ts";
import { MARIADB_BINARY, MARIADB_INSTALL, type MariaDbServer, startMariaDb } from "../support/servers/mariadb.ts";

requireService(
  "MariaDB",
  MARIADB_INSTALL,
  MARIADB_BINARY !== null,
)("the MySQL store and its server", () => {
  let server: MariaDbServer;
  let cases = 0;
  beforeAll(async () => {
    server = await startMariaDb({ "innodb-flush-log-at-trx-commit": 1 });
  });
  afterAll(() => server?.stop());

  async function fresh(): Promise<string> {
    const database = `case_${++cases}`;
    await server.execute(`create database ${database}`);
    return server.url({ database });
  }
  const nameOf = (url: string): string => new URL(url).pathname.slice(1);

  databaseServerCases(mysqlStore, () => ({
    server,
    fresh,
    async restrictedUser(url, edit = (grants) => grants) {
      const user = `app_${++cases}`;
      await server.execute(`create user ${user}@'%' identified by 'pw'`);
      for (const grant of edit(documentedGrants("mysql", user, nameOf(url)))) await server.execute(grant);
      return server.url({ database: nameOf(url), user, password: "pw" });
    },
  }));

  test.each(["callbacks", "promises"])("the application's own pool with %s is used, and not closed", async (kind) => {
    const pool = mysql.createPool({ uri: await fresh(), connectionLimit: 1 });
    const store = mysqlStore({ client: kind === "promises" ? pool.promise() : pool, autoMigrate: true });
    await change(store, { shop: {} });
    await store.close();
    const [rows] = await pool.promise().query("select version from maintenance_state");
    expect(rows).toEqual([{ version: 1 }]);
    await pool.promise().end();
  });

  test("texts are kept, whatever the server does with backslashes", async () => {
    const url = await fresh();
    const pool = mysql.createPool({ uri: url, connectionLimit: 1 });
    await pool.promise().query("set session sql_mode = 'NO_BACKSLASH_ESCAPES'");
    const store = mysqlStore({ client: pool, autoMigrate: true });
    await change(store, { shop: { message: `a \\' or 1=1 -- "\\"` } });
    expect(JSON.parse((await store.load()).records[0]?.text ?? "")).toEqual({ message: `a \\' or 1=1 -- "\\"` });
    await store.close();
    await pool.promise().end();
  });
});
