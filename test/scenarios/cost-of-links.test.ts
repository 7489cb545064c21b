import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createController } from "../../src/control/controller.ts";
import { fileStore } from "../../src/stores/file.ts";
import { sqliteStore } from "../../src/stores/sqlite.ts";
import type { StateChange, Store } from "../../src/stores/store.ts";

const LINKS = 100;
/** The size of one link in a record: two hashes of 43 characters, a label, its author and its time. */
const LINK_BYTES = 350;
/** The size of a record and an entry in the history without links. */
const FRAME_BYTES = 1_000;
const BY = { kind: "program", label: "test" } as const;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "maintenance-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function bytesOnDisk(): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

function bytesOf({ records }: StateChange): number {
  return records.reduce((sum, { before, after }) => sum + (before?.length ?? 0) + (after?.length ?? 0), 0);
}

/** Creates links one by one until the record has the maximum. Returns the history, newest first. */
async function makeLinks(store: Store): Promise<readonly StateChange[]> {
  const controller = createController({ store, sites: { shop: {} } });
  for (let count = 0; count < LINKS; count += 1)
    await controller.links.create({ site: "shop", label: `guest ${count}`, by: BY });
  await expect(controller.links.create({ site: "shop", label: "one more", by: BY })).rejects.toMatchObject({
    code: "ERR_INVALID_COMMAND",
  });
  return await controller.history({ limit: 1_000 });
}

test("a hundred links one by one over SQLite: a change has the size of its record, and the database that of its changes", async () => {
  const store = sqliteStore({ path: join(folder, "state.db") });
  const history = await makeLinks(store);
  const sizes = history.map(bytesOf);
  await store.close();
  expect(sizes).toHaveLength(LINKS);
  for (const [place, size] of sizes.entries()) {
    expect(size).toBeLessThan(2 * (FRAME_BYTES + (LINKS - place) * LINK_BYTES));
  }
  const written = sizes.reduce((sum, size) => sum + size, 0);
  expect(bytesOnDisk()).toBeLessThan(2 * written);
});

test("a hundred links one by one into a file: it keeps as much of the history as its limit allows", async () => {
  const store = fileStore({ path: join(folder, "state.json") });
  const history = await makeLinks(store);
  await store.close();
  expect(history.length).toBeLessThan(LINKS);
  expect(history.reduce((sum, change) => sum + bytesOf(change), 0)).toBeLessThanOrEqual(1_000_000);
  // The file is indented for readers, which doubles its size.
  expect(bytesOnDisk()).toBeLessThan(2_500_000);
});
