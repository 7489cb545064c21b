import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { postgresStore } from "../../src/stores/postgres.ts";
import { createBuilder } from "../../src/stores/sql/builder.ts";
import { readState, readTail } from "../../src/stores/sql/read.ts";
import type { SqlScript } from "../../src/stores/sql/script.ts";

const RECORDS = 50_000;
const HEAD = 8;

let pglite: PGlite;

/** Creates a log of few changes, one of them to very many sites: a planner may take this for a reason to scan the whole log. */
beforeAll(async () => {
  pglite = await PGlite.create();
  const store = postgresStore({ client: pglite });
  await store.migrations?.migrate();
  await store.close();
  await pglite.exec(`
    insert into maintenance_state values (1, 'a-lineage', ${HEAD}, 'stamp');
    insert into maintenance_sites select 'site-' || n, 1, '{}' from generate_series(1, ${RECORDS}) n;
    insert into maintenance_changes select n, 'stamp', '2026-01-01T00:00:00Z', 'cli', '', null, 'close', '' from generate_series(1, ${HEAD}) n;
    insert into maintenance_change_records select 4, 'site-' || n, 0, null, '{}' from generate_series(1, ${RECORDS}) n;
    insert into maintenance_change_records select n, 'site-1', n, '{}', '{}' from generate_series(5, ${HEAD}) n;
    analyze`);
});
afterAll(() => pglite.close());

async function planOf(script: SqlScript<unknown>): Promise<string> {
  const { value } = script.next({ rows: [] });
  const { sql, parameters } = value as { readonly sql: string; readonly parameters: readonly unknown[] };
  const { rows } = await pglite.query<Record<string, string>>(`explain ${sql}`, [...parameters]);
  return rows.map((row) => row["QUERY PLAN"]).join("\n");
}

const db = createBuilder("postgres", { tablePrefix: "maintenance_", schema: null });

test.each([HEAD, HEAD - 1, 5])("a poll from version %i uses the index of the records", async (version) => {
  expect(await planOf(readTail(db, version))).not.toContain("Seq Scan on maintenance_change_records");
});

test("a read of a few sites uses their index", async () => {
  expect(await planOf(readState(db, ["site-1", "site-2"]))).not.toContain("Seq Scan on maintenance_sites");
});
