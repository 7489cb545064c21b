import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import { fileStore } from "../../src/stores/file.ts";
import { storeConformance } from "../../src/testing/stores/conformance.ts";

async function open() {
  const folder = await mkdtemp(join(tmpdir(), "maintenance-"));
  const path = join(folder, "state.json");
  return {
    store: fileStore({ path }),
    another: async () => fileStore({ path }),
    wipe: () => rm(path),
    wipeMembers: () => rm(`${path}.members`, { recursive: true }),
    damageMember: (id: string) => writeFile(join(`${path}.members`, `row-${id}.row`), "cut off"),
    dispose: () => rm(folder, { recursive: true }),
  };
}

describe("the file store", () => {
  for (const { name, run } of storeConformance({ open })) test(name, run);
});
