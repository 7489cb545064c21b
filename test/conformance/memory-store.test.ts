import { describe, test } from "vitest";
import { memoryStore } from "../../src/stores/memory.ts";
import { storeConformance } from "../../src/testing/stores/conformance.ts";

async function open() {
  const store = memoryStore();
  return { store, another: async () => store, dispose: () => store.close() };
}

describe("the memory store", () => {
  for (const { name, run } of storeConformance({ open })) test(name, run);
});
