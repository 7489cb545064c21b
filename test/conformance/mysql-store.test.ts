import { afterAll, beforeAll, test } from "vitest";
import { type MysqlStoreOptions, mysqlStore } from "../../src/stores/mysql.ts";
import { storeConformance } from "../../src/testing/stores/conformance.ts";
import { requireService } from "../support/require-service.ts";
import { MARIADB_BINARY, MARIADB_INSTALL, type MariaDbServer, startMariaDb } from "../support/servers/mariadb.ts";
import { stateTables } from "../support/state-tables.ts";

const suite = requireService("MariaDB", MARIADB_INSTALL, MARIADB_BINARY !== null);

suite("the MySQL store", () => {
  let server: MariaDbServer;
  let cases = 0;

  beforeAll(async () => {
    server = await startMariaDb();
  });
  afterAll(() => server?.stop());

  async function open() {
    const database = `case_${++cases}`;
    await server.execute(`create database ${database}`);
    const options: MysqlStoreOptions = { url: server.url({ database }), autoMigrate: true };
    const stores = [mysqlStore(options)];
    const another = async () => {
      const store = mysqlStore(options);
      stores.push(store);
      return store;
    };
    return {
      store: stores[0] ?? (await another()),
      another,
      ...stateTables(database, (sql) => server.execute(sql)),
      dispose: async () => void (await Promise.all(stores.map((store) => store.close()))),
    };
  }

  for (const { name, run } of storeConformance({ open })) test(name, run);
});
