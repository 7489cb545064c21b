import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Keyv from "keyv";
import { createStorage, defineDriver, prefixStorage } from "unstorage";
import fsDriver from "unstorage/drivers/fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keyvStore } from "../../../src/stores/keyv.ts";
import { unstorageStore } from "../../../src/stores/unstorage.ts";
import { change, draftFrom } from "../../../src/testing/stores/session.ts";
import { capabilitiesAsRows, capabilityRows } from "../../support/capability-rows.ts";

const CLOSED = { mode: "closed" };
let base: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "unstorage-"));
});
afterEach(() => rm(base, { recursive: true }));

/** Creates a storage whose driver returns `value` as the content, whatever it is: some drivers return errors that way. */
function storageOf(value: unknown, { has = true, ttl }: { has?: boolean; ttl?: number } = {}) {
  const driver = defineDriver(() => ({
    name: "own",
    options: ttl === undefined ? {} : { ttl },
    hasItem: () => has,
    getItem: () => value as string,
    setItem: () => {},
    getKeys: () => [],
  }));
  return createStorage({ driver: driver({}) });
}

test.each([
  [() => unstorageStore({ client: null as never }), "createStorage"],
  [() => unstorageStore({ client: {} as never }), "createStorage"],
  [() => unstorageStore({ client: createStorage(), kee: "a" } as never), "Did you mean 'key'?"],
])("an invalid storage or option is refused with what to do: %#", (create, hint) => {
  expect(create).toThrow(expect.objectContaining({ code: "ERR_INVALID_OPTION", hint: expect.stringContaining(hint) }));
});

describe("the value of a driver is read strictly:", () => {
  test("an error as a value is a failure", async () => {
    const error = Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
    await expect(unstorageStore({ client: storageOf(error) }).load()).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      message: expect.stringContaining("permission denied"),
    });
  });

  test("an error as a value from a real folder is a failure", async () => {
    // A file where the driver expects a folder: reading below it fails for root too.
    await writeFile(join(base, "state"), "");
    const store = unstorageStore({
      client: createStorage({ driver: fsDriver({ base }) }),
      key: "state/maintenance.json",
    });
    await expect(store.load()).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
  });

  test("a folder in place of the file is not an unwritten state", async () => {
    await mkdir(join(base, "maintenance.json"));
    const store = unstorageStore({ client: createStorage({ driver: fsDriver({ base }) }) });
    await expect(store.load()).rejects.toMatchObject({ code: "ERR_STATE_UNREADABLE" });
  });

  test.each([["null"], [""], ["  "], [[]], ["{"], ['{"sites":[]}'], [new Uint8Array([1])], ["42"], ["true"]])(
    "%j is unreadable",
    async (value) => {
      await expect(unstorageStore({ client: storageOf(value) }).load()).rejects.toMatchObject({
        code: "ERR_STATE_UNREADABLE",
      });
    },
  );

  test.each([["closed"], ["1"]])("'%s' closes everything", async (value) => {
    expect((await unstorageStore({ client: storageOf(value) }).load()).records).toHaveLength(1);
  });

  test("a missing value is a state that was never written", async () => {
    expect((await unstorageStore({ client: storageOf(null, { has: false }) }).load()).version).toBe(0);
  });
});

test("a read-only driver is detected at the first change", async () => {
  const storage = createStorage({ driver: fsDriver({ base, readOnly: true }) });
  await expect(change(unstorageStore({ client: storage, timeout: 500 }), { shop: CLOSED })).rejects.toMatchObject({
    code: "ERR_STORE_UNAVAILABLE",
    hint: expect.stringContaining("read-only"),
  });
});

test("a folder that cannot be written is a failure", async () => {
  const file = join(base, "not-a-folder");
  await writeFile(file, "");
  await chmod(file, 0o400);
  const store = unstorageStore({
    client: createStorage({ driver: fsDriver({ base: join(file, "state") }) }),
    timeout: 100,
  });
  await expect(store.commit(draftFrom({ lineage: "", version: 0, records: [] }, { shop: {} }))).rejects.toMatchObject({
    code: "ERR_STORE_UNAVAILABLE",
  });
});

test("the file in a folder is text for people", async () => {
  await change(unstorageStore({ client: createStorage({ driver: fsDriver({ base }) }) }), { shop: CLOSED });
  expect(await readFile(join(base, "maintenance.json"), "utf8")).toMatch(/^\{\n {2}"format": 1,/);
});

test("the capabilities are those of the driver", () => {
  const over = (driver?: Parameters<typeof createStorage>[0]) =>
    unstorageStore({ client: createStorage(driver) }).capabilities;
  expect(over()).toMatchObject({ shared: false, push: false, readAfterWrite: "strong", compareAndSet: false });
  expect(over({ driver: fsDriver({ base }) })).toMatchObject({ shared: true, push: true, readAfterWrite: "strong" });
  expect(unstorageStore({ client: storageOf(null) }).capabilities).toMatchObject({
    shared: true,
    push: false,
    readAfterWrite: "eventual",
  });
});

test("examining warns about two writers, and about a time to live", async () => {
  const store = unstorageStore({ client: storageOf(null, { has: false, ttl: 60 }) });
  expect((await store.examine?.())?.map(({ subject, level }) => [subject, level])).toEqual([
    ["key", "ok"],
    ["two writers", "warn"],
    ["list of processes", "warn"],
    ["time to live", "warn"],
  ]);
});

test("a prefixed storage works like any other", async () => {
  const storage = createStorage();
  await change(unstorageStore({ client: prefixStorage(storage, "app") }), { shop: CLOSED });
  expect(await storage.getKeys()).toEqual(["app:maintenance.json"]);
});

test("docs/stores-keyv-unstorage.md lists the capabilities of both stores", () => {
  const told = capabilitiesAsRows(
    keyvStore({ client: new Keyv() }).capabilities,
    keyvStore({ client: new Keyv({ store: { get() {}, set() {}, delete() {}, clear() {} }, throwOnErrors: true }) })
      .capabilities,
    unstorageStore({ client: createStorage() }).capabilities,
    unstorageStore({ client: createStorage({ driver: fsDriver({ base }) }) }).capabilities,
    unstorageStore({ client: storageOf(null) }).capabilities,
  );
  const push = [...(told.push ?? []).slice(0, -1), "where the driver watches"];
  expect(capabilityRows("stores-keyv-unstorage")).toMatchObject({ ...told, push });
});
