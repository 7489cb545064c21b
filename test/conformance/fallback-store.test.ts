import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import { fallbackStore } from "../../src/stores/fallback.ts";
import { fileStore } from "../../src/stores/file.ts";
import type { Store } from "../../src/stores/store.ts";
import { storeConformance } from "../../src/testing/stores/conformance.ts";

async function open() {
  const folder = await mkdtemp(join(tmpdir(), "maintenance-"));
  const path = join(folder, "first.json");
  const opened: Store[] = [];
  const create = (): Store => {
    const store = fallbackStore({
      primary: fileStore({ path }),
      copies: [fileStore({ path: join(folder, "copy.json") })],
    });
    opened.push(store);
    return store;
  };
  return {
    store: create(),
    another: async () => create(),
    wipe: () => rm(path),
    wipeMembers: () => rm(`${path}.members`, { recursive: true }),
    damageMember: (id: string) => writeFile(join(`${path}.members`, `row-${id}.row`), "cut off"),
    async dispose() {
      for (const store of opened) await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

describe("the fallback store", () => {
  for (const { name, run } of storeConformance({ open })) test(name, run);
});
