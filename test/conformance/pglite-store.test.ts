import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, test } from "vitest";
import { type PostgresStoreOptions, postgresStore } from "../../src/stores/postgres.ts";
import { storeConformance } from "../../src/testing/stores/conformance.ts";
import { stateTables } from "../support/state-tables.ts";

describe("the PostgreSQL store over PGlite", () => {
  let pglite: PGlite;
  let cases = 0;

  beforeAll(async () => {
    pglite = await PGlite.create();
  });
  afterAll(() => pglite.close());

  async function open() {
    const schema = `case_${++cases}`;
    const options: PostgresStoreOptions = { client: pglite, schema, autoMigrate: true };
    const stores = [postgresStore(options)];
    const another = async () => {
      const store = postgresStore(options);
      stores.push(store);
      return store;
    };
    return {
      store: stores[0] ?? (await another()),
      another,
      ...stateTables(schema, (sql) => pglite.exec(sql)),
      dispose: async () => {
        await Promise.all(stores.map((store) => store.close()));
        await pglite.exec(`drop schema if exists ${schema} cascade`);
      },
    };
  }

  for (const { name, run } of storeConformance({ open })) test(name, run);
});
