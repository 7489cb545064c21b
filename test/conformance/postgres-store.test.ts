import { afterAll, beforeAll, test } from "vitest";
import { type PostgresStoreOptions, postgresStore } from "../../src/stores/postgres.ts";
import { storeConformance } from "../../src/testing/stores/conformance.ts";
import { requireService } from "../support/require-service.ts";
import { POSTGRES_BINARY, POSTGRES_INSTALL, type PostgresServer, startPostgres } from "../support/servers/postgres.ts";
import { stateTables } from "../support/state-tables.ts";

const suite = requireService("PostgreSQL", POSTGRES_INSTALL, POSTGRES_BINARY !== null);

suite("the PostgreSQL store", () => {
  let server: PostgresServer;
  let cases = 0;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  async function open() {
    const schema = `case_${++cases}`;
    const options: PostgresStoreOptions = { url: server.url(), schema, autoMigrate: true };
    const stores = [postgresStore(options)];
    const another = async () => {
      const store = postgresStore(options);
      stores.push(store);
      return store;
    };
    return {
      store: stores[0] ?? (await another()),
      another,
      ...stateTables(schema, (sql) => server.execute(sql)),
      dispose: async () => void (await Promise.all(stores.map((store) => store.close()))),
    };
  }

  for (const { name, run } of storeConformance({ open })) test(name, run);
});
