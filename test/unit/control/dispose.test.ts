import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type Controller, createController } from "../../../src/control/controller.ts";
import { fileStore } from "../../../src/stores/file.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import type { Store } from "../../../src/stores/store.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dispose-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function controllerOver(store: Store = memoryStore()): Controller {
  return createController({ store, sites: { shop: {} } });
}

describe("dispose", () => {
  test.each([
    ["dispose()", (controller: Controller) => controller.dispose()],
    ["await using", (controller: Controller) => controller[Symbol.asyncDispose]()],
  ])("closes the store that the controller opened itself: %s", async (_name, end) => {
    const before = process.cwd();
    await mkdir(join(folder, ".maintenance"));
    process.chdir(folder);
    onTestFinished(() => process.chdir(before));
    const controller = createController();
    await controller.close("*");
    const store = await controller.store();
    expect((await store.load()).version).toBe(1);
    await end(controller);
    await expect(store.load()).rejects.toMatchObject({ code: "ERR_ALREADY_CLOSED" });
  });

  test("does not close the caller's own store, and can be called again", async () => {
    const store = fileStore({ path: join(folder, "state.json") });
    const controller = controllerOver(store);
    await controller.close("shop");
    await controller.dispose();
    await controller.dispose();
    expect((await store.load()).version).toBe(1);
    await store.close();
  });

  test.each<[string, (controller: Controller) => Promise<unknown>]>([
    ["close", (controller) => controller.close("shop")],
    ["open", (controller) => controller.open("shop")],
    ["rehearse", (controller) => controller.rehearse({ type: "open" }, "test")],
    ["links.list", (controller) => controller.links.list()],
    ["tokens.list", (controller) => controller.tokens.list()],
    ["state", (controller) => controller.state()],
    ["history", (controller) => controller.history()],
    ["store", (controller) => controller.store()],
  ])("%s is refused afterwards, also with the caller's own store", async (_name, use) => {
    const controller = controllerOver();
    await controller.close("shop");
    await controller.dispose();
    await expect(use(controller)).rejects.toMatchObject({
      code: "ERR_ALREADY_CLOSED",
      message: "The controller is closed.",
    });
  });

  test("runs at the end of `await using`", async () => {
    const store = memoryStore();
    const seen: string[] = [];
    {
      await using controller = controllerOver(store);
      const { dispose } = controller;
      expect(controller[Symbol.asyncDispose]).toBe(dispose);
      await controller.close("shop");
      seen.push("closed");
    }
    expect(seen).toEqual(["closed"]);
    expect((await store.load()).version).toBe(1);
  });
});
