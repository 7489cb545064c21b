import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findProjectRoot } from "../../../src/config/project-root.ts";
import { createDefaultStore as createStoreWithoutFiles } from "../../../src/platform/none.ts";
import { fileStore } from "../../../src/stores/file.ts";

test.each([
  [{ path: "" }, "path: expected the path of a file, found ''"],
  [{ path: "a\0b" }, "path"],
  [{ lockTimeout: -1 }, "lockTimeout: expected 0 to 600,000 milliseconds, found -1"],
  [{ lockTimeout: Number.NaN }, "lockTimeout: expected 0 to 600,000 milliseconds, found NaN"],
  [{ lockTimeOut: 5 }, "'lockTimeOut'"],
])("%j is refused by name", (options, message) => {
  expect(() => fileStore(options as object)).toThrow(
    expect.objectContaining({ code: "ERR_INVALID_OPTION", message: expect.stringContaining(message) }),
  );
});

test("without a file system, the configuration must name a store", async () => {
  await expect(createStoreWithoutFiles()).rejects.toMatchObject({ code: "ERR_INVALID_OPTION" });
});

describe("the root of the project", () => {
  test("is the nearest folder upwards with .maintenance or package.json, else the working directory", async () => {
    const top = await realpath(await mkdtemp(join(tmpdir(), "maintenance-")));
    const deep = join(top, "app", "src", "deep");
    await mkdir(deep, { recursive: true });
    expect(findProjectRoot(deep)).toBe(deep);
    await writeFile(join(top, "package.json"), "{}");
    expect(findProjectRoot(deep)).toBe(top);
    await mkdir(join(top, "app", ".maintenance"));
    expect(findProjectRoot(deep)).toBe(join(top, "app"));
    await rm(top, { recursive: true });
  });
});
