import { afterAll, beforeAll } from "vitest";
import { mysqlStore } from "../../src/stores/mysql.ts";
import { processCases } from "../support/process-cases.ts";
import { requireService } from "../support/require-service.ts";
import { MARIADB_BINARY, MARIADB_INSTALL, type MariaDbServer, startMariaDb } from "../support/servers/mariadb.ts";

requireService(
  "MariaDB",
  MARIADB_INSTALL,
  MARIADB_BINARY !== null,
)("MariaDB with several processes", () => {
  let server: MariaDbServer;
  let cases = 0;
  beforeAll(async () => {
    server = await startMariaDb();
  });
  afterAll(() => server?.stop());

  processCases("mysql", mysqlStore, async () => {
    const database = `case_${++cases}`;
    await server.execute(`create database ${database}`);
    return { url: server.url({ database }) };
  });
});
