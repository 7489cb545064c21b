import { mkdtemp, readdir, readFile, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileStore } from "../../src/stores/file.ts";
import { change } from "../../src/testing/stores/session.ts";
import { runFixture, runFixtureWithFileLimit } from "../fixtures/run-fixture.ts";

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "maintenance-"));
  path = join(folder, "state.json");
});

afterEach(() => rm(folder, { recursive: true }));

test("ten processes that switch at once lose nothing, and the versions are consecutive", async () => {
  const runs = Array.from({ length: 10 }, (_, index) => runFixture("commit-many", path, `site-${index}`, 8));
  const ends = await Promise.all(runs.map(({ ended }) => ended));
  expect(ends.map(({ code }) => code)).toEqual(Array(10).fill(0));
  const store = fileStore({ path });
  const { version, records } = await store.load();
  expect(version).toBe(80);
  expect(records.find(({ id }) => id === "counter")).toEqual({ id: "counter", version: 80, text: '{"count":80}' });
  expect(records.filter(({ version }) => version === 8)).toHaveLength(10);
  const announced = ends.flatMap(({ output }) => output.trim().split("\n").slice(1).map(Number));
  const all = Array.from({ length: 80 }, (_, index) => index + 1);
  expect(announced.sort((a, b) => a - b)).toEqual(all);
  expect((await store.history({ limit: 1000 })).map(({ version }) => version)).toEqual(all.reverse());
  expect(await readdir(folder)).toEqual(["state.json"]);
}, 60_000);

describe("after kill -9 of a writer, the next reader sees the old state or the new one, and the next writer can write", () => {
  test("before each of its calls to the file system", async () => {
    const store = fileStore({ path, lockTimeout: 2_000 });
    let position = await change(store, { shop: { mode: "open" } });
    const { output } = await runFixture("die-at-call", path, 0).ended;
    position = { ...position, version: position.version + 1 };
    const calls = Number(output);
    expect(calls).toBeGreaterThan(20);
    const outcomes = new Set<number>();
    for (let call = 1; call <= calls; call++) {
      expect((await runFixture("die-at-call", path, call).ended).signal).toBe("SIGKILL");
      const { version } = await store.load();
      outcomes.add(version - position.version);
      position = await change(store, { shop: { mode: "open", call } });
      expect(position.version).toBe(version + 1);
    }
    expect([...outcomes].sort()).toEqual([0, 1]);
    // A lock's draft may belong to a running writer, so only old drafts are deleted.
    for (const name of await readdir(folder)) await utimes(join(folder, name), 0, 0);
    await change(store, { shop: null });
    expect(await readdir(folder)).toEqual(["state.json"]);
  }, 120_000);

  test("during large writes", async () => {
    const store = fileStore({ path, lockTimeout: 2_000 });
    for (let kill = 0; kill < 10; kill++) {
      const before = await change(store, { shop: { kill } });
      const { child, lines, ended } = runFixture("commit-many", path, "blog", 1_000, 500_000);
      await lines.next();
      setTimeout(() => child.kill("SIGKILL"), kill * 5);
      const { output } = await ended;
      const announced = output.trim().split("\n").length - 1;
      const { version } = await store.load();
      // The last change may have been written without being announced.
      expect([0, 1]).toContain(version - before.version - announced);
    }
  }, 60_000);
});

test("a write to a full disk leaves the complete old state, and no other file", async () => {
  await change(fileStore({ path }), { shop: { mode: "closed" } });
  const before = await readFile(path, "utf8");
  const { output } = await runFixtureWithFileLimit(20, "commit-large", path).ended;
  expect(JSON.parse(output)).toMatchObject({
    code: "ERR_STORE_UNAVAILABLE",
    message: expect.stringContaining(`'${path}'`),
    hint: expect.stringContaining("Free some space"),
  });
  expect(await readFile(path, "utf8")).toBe(before);
  expect(await readdir(folder)).toEqual(["state.json"]);
});
