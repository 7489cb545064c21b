import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sqliteStore } from "../../../../src/stores/sqlite.ts";
import { change } from "../../../../src/testing/stores/session.ts";

test("a long history of an embedded database is read in steps, and the event loop runs between them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "maintenance-"));
  const store = sqliteStore({ path: join(folder, "state.db") });
  for (let count = 0; count < 35; count += 1) await change(store, { shop: { count } });
  let turns = 0;
  const turn = setInterval(() => (turns += 1), 0);
  const history = await store.history({ limit: 33 });
  clearInterval(turn);
  expect(history.map(({ version }) => version)).toEqual(Array.from({ length: 33 }, (_, index) => 35 - index));
  expect(turns).toBeGreaterThanOrEqual(2);
  expect(await store.history({ limit: 5, site: "shop", before: 3 })).toMatchObject([{ version: 2 }, { version: 1 }]);
  await store.close();
  rmSync(folder, { recursive: true });
});
