import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeLeftOvers, replaceFile } from "../../../src/stores/file/replace.ts";

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "maintenance-"));
  path = join(folder, "state.json");
  await writeFile(path, "old");
});

afterEach(() => rm(folder, { recursive: true }));

test("a change at the last moment is not overwritten", async () => {
  expect(await replaceFile(path, "new", async () => false)).toBe(false);
  expect(await readFile(path, "utf8")).toBe("old");
  expect(await readdir(folder)).toEqual(["state.json"]);
});

test("a writer that was considered dead cannot replace the file later", async () => {
  const successor = async (): Promise<boolean> => {
    await removeLeftOvers(path, `${path}.lock`, `${path}.lock.0badc0de`, Date.now());
    return true;
  };
  await expect(replaceFile(path, "new", successor)).rejects.toMatchObject({ code: "ENOENT", syscall: "rename" });
  expect(await readFile(path, "utf8")).toBe("old");
});

test("only old files of the lock are removed, and never those about the current holder", async () => {
  const old = ["state.json.lock.11111111", "state.json.lock.0badc0de", "state.json.lock.0badc0de.22222222"];
  for (const name of [...old, "state.json.lock.33333333"]) await writeFile(join(folder, name), "");
  for (const name of old) await utimes(join(folder, name), 0, 0);
  await removeLeftOvers(path, `${path}.lock`, `${path}.lock.0badc0de`, Date.now());
  expect(await readdir(folder)).toEqual([
    "state.json",
    "state.json.lock.0badc0de",
    "state.json.lock.0badc0de.22222222",
    "state.json.lock.33333333",
  ]);
});
