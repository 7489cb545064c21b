import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStorage } from "unstorage";
import fsDriver from "unstorage/drivers/fs";
import { describe, test } from "vitest";
import { unstorageStore } from "../../src/stores/unstorage.ts";
import { storeConformance } from "../../src/testing/stores/conformance.ts";

describe("the unstorage store over memory", () => {
  const open = async () => {
    const storage = createStorage();
    const store = unstorageStore({ client: storage });
    const wipe = () => storage.removeItem("maintenance.json");
    return { store, another: async () => unstorageStore({ client: storage }), wipe, dispose: store.close };
  };
  for (const { name, run } of storeConformance({ open })) test(name, run);
});

describe("the unstorage store over a folder", () => {
  const open = async () => {
    const base = await mkdtemp(join(tmpdir(), "unstorage-"));
    const storages = [
      createStorage({ driver: fsDriver({ base }) }),
      createStorage({ driver: fsDriver({ base }) }),
    ] as const;
    const key = "deep/maintenance.json";
    const store = unstorageStore({ client: storages[0], key });
    return {
      store,
      another: async () => unstorageStore({ client: storages[1], key }),
      wipe: () => storages[1].removeItem(key),
      async dispose() {
        await store.close();
        await Promise.all(storages.map((storage) => storage.dispose()));
        await rm(base, { recursive: true });
      },
    };
  };
  for (const { name, run } of storeConformance({ open })) test(name, run);
});
