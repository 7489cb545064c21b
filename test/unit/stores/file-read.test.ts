import { createHook } from "node:async_hooks";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { identityOf, isLocal, readLocal } from "../../../src/stores/file/read.ts";
import { fileStore } from "../../../src/stores/file.ts";
import { change } from "../../../src/testing/stores/session.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "file-read-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const statsOf = (path: string) => statSync(path, { bigint: true });

const here = await isLocal(tmpdir());

test.skipIf(!here)("a local file is read; anything else is left to the asynchronous read", () => {
  const file = join(folder, "state.json");
  writeFileSync(file, "closed");
  const home = identityOf(statsOf(folder));
  expect(readLocal(file, home)?.text).toBe("closed");
  writeFileSync(join(folder, "next"), "öffnen");
  renameSync(join(folder, "next"), file);
  expect(readLocal(file, home)?.text).toBe("öffnen");
  expect(readLocal(file, "another folder")).toBeNull();
  writeFileSync(file, Buffer.from([0xff, 0xfe]));
  expect(readLocal(file, home)).toBeNull();
  writeFileSync(file, "x".repeat(1_048_577));
  expect(readLocal(file, home)).toBeNull();
  rmSync(file);
  expect(readLocal(file, home)).toBeNull();
  writeFileSync(join(folder, "elsewhere"), "open");
  symlinkSync(join(folder, "elsewhere"), file);
  expect(readLocal(file, home)).toBeNull();
  rmSync(file);
  mkdirSync(file);
  expect(readLocal(file, home)).toBeNull();
  rmSync(file, { recursive: true });
  // Opening it without O_NONBLOCK would never return.
  execFileSync("mkfifo", [file]);
  expect(readLocal(file, home)).toBeNull();
  expect(readLocal(file, home)).toBeNull();
});

test("a file system that needs another machine or process is not local", async () => {
  expect(await isLocal("/proc")).toBe(false);
  expect(await isLocal(join(folder, "missing"))).toBe(false);
});

test.skipIf(!here)("a change costs one step through the thread pool, and a poll without a change as well", async () => {
  const path = join(folder, "state.json");
  const [store, writer] = [fileStore({ path }), fileStore({ path })];
  let position = await change(writer, { shop: { mode: "open" } });
  await store.load();
  await change(writer, { shop: { mode: "closed" } });
  expect(await stepsOf(() => store.changesSince(position))).toBe(1);
  position = await change(writer, { shop: { mode: "open" } });
  await store.changesSince(position);
  // The answer of the poll before still counts.
  expect(await stepsOf(() => store.changesSince(position))).toBe(0);
  await Promise.all([store.close(), writer.close()]);
});

test("a FIFO in place of the file blocks only the call, not the process", async () => {
  const path = join(folder, "state.json");
  const store = fileStore({ path });
  const position = await change(store, { shop: { mode: "open" } });
  await store.load();
  execFileSync("mkfifo", [join(folder, "fifo")]);
  await rename(join(folder, "fifo"), path);
  const poll = store.changesSince(position);
  // Reached only if the event loop runs.
  const fifo = await open(path, "w");
  await fifo.writeFile("closed");
  await fifo.close();
  expect(await poll).toBe("reload");
  await store.close();
});

/** Counts the calls of the file system that go through the thread pool. */
async function stepsOf(work: () => Promise<unknown>): Promise<number> {
  let steps = 0;
  const init = (_id: number, type: string): void => {
    if (type === "FSREQPROMISE") steps += 1;
  };
  const hook = createHook({ init }).enable();
  await work();
  hook.disable();
  return steps;
}
