import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquireLock } from "../../src/stores/file/lock.ts";
import { runFixture } from "../fixtures/run-fixture.ts";

let folder: string;
let lockPath: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "maintenance-"));
  lockPath = join(folder, "state.json.lock");
});

afterEach(() => rm(folder, { recursive: true }));

async function killHolder(path: string): Promise<void> {
  const { child, lines, ended } = runFixture("hold-lock", path);
  expect((await lines.next()).value).toBe("held");
  child.kill("SIGKILL");
  await ended;
}

test("the lock of a killed process is free at once", async () => {
  await killHolder(lockPath);
  expect(await readdir(folder)).toEqual(["state.json.lock"]);
  await (await acquireLock(lockPath, { timeout: 1_000 })).release();
  expect(await readdir(folder)).toEqual([]);
});

test("a process that is killed while it removes a dead holder's lock blocks no other", async () => {
  await killHolder(lockPath);
  const { token } = JSON.parse(await readFile(lockPath, "utf8"));
  await killHolder(`${lockPath}.${token.slice(0, 8)}`);
  await (await acquireLock(lockPath, { timeout: 1_000 })).release();
  expect(await readdir(folder)).toEqual([]);
});

test("the lock of a living holder is not taken", async () => {
  const { child, lines, ended } = runFixture("hold-lock", lockPath);
  await lines.next();
  await expect(acquireLock(lockPath, { timeout: 50 })).rejects.toMatchObject({
    code: "ERR_LOCK_TIMEOUT",
    message: expect.stringContaining(`process ${child.pid}`),
  });
  child.kill("SIGKILL");
  await ended;
});

test.each(["count-under-lock", "count-without-links"])(
  "eight processes that find a dead holder's lock at once never hold it together (%s)",
  async (fixture) => {
    const counter = join(folder, "counter");
    await writeFile(counter, "0");
    await killHolder(lockPath);
    const runs = Array.from({ length: 8 }, () => runFixture(fixture, lockPath, counter, 10));
    const codes = await Promise.all(runs.map(async ({ ended }) => (await ended).code));
    expect(codes).toEqual(Array(8).fill(0));
    expect(await readFile(counter, "utf8")).toBe("80");
    expect(await readdir(folder)).toEqual(["counter"]);
  },
);
