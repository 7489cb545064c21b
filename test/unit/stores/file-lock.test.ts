import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquireLock, type LockOptions } from "../../../src/stores/file/lock.ts";

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "maintenance-"));
  path = join(folder, "state.json.lock");
});

afterEach(() => rm(folder, { recursive: true }));

const ownerOf = async (): Promise<Record<string, unknown>> => JSON.parse(await readFile(path, "utf8"));

/** Writes the lock file as another holder would have left it. */
async function leave(changes: Record<string, unknown>): Promise<void> {
  const lock = await acquireLock(path, { timeout: 0 });
  const owner = { ...(await ownerOf()), token: "0badc0de-another", ...changes };
  await lock.release();
  await writeFile(path, JSON.stringify(owner));
}

async function takeAndRelease(options: Partial<LockOptions> = {}): Promise<void> {
  const lock = await acquireLock(path, { timeout: 0, ...options });
  expect((await ownerOf()).token).toBe(lock.token);
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
}

test("a lock names its holder, and leaves nothing behind when it is released", async () => {
  const lock = await acquireLock(path, { timeout: 0 });
  expect(await ownerOf()).toMatchObject({ token: lock.token, pid: process.pid });
  await lock.release();
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
});

test("a held lock is refused with the pid and the host of its holder", async () => {
  const lock = await acquireLock(path, { timeout: 0 });
  const { host } = await ownerOf();
  await expect(acquireLock(path, { timeout: 10 })).rejects.toMatchObject({
    code: "ERR_LOCK_TIMEOUT",
    message: `The lock '${path}' could not be acquired within 10 ms: process ${process.pid} on host '${host}' holds it.`,
  });
  await lock.release();
});

test("a waiter gets the lock when it is free", async () => {
  const lock = await acquireLock(path, { timeout: 0 });
  const waiting = acquireLock(path, { timeout: 5_000, random: () => 0 });
  await lock.release();
  await (await waiting).release();
});

test("a waiter can give up", async () => {
  const lock = await acquireLock(path, { timeout: 0 });
  const giving = new AbortController();
  const waiting = acquireLock(path, { timeout: 60_000, signal: giving.signal });
  giving.abort();
  await expect(waiting).rejects.toThrow("aborted");
  await lock.release();
});

test("a reused pid does not keep a lock alive", async () => {
  await leave({ started: "1" });
  await takeAndRelease({ timeout: 1_000 });
});

test("a holder on another machine keeps the lock for thirty seconds", async () => {
  await leave({ space: "another", host: "web-2", pid: 7 });
  await expect(acquireLock(path, { timeout: 0 })).rejects.toThrow("process 7 on host 'web-2' holds it");
  await takeAndRelease({ timeout: 1_000, now: () => Date.now() + 31_000 });
});

test("an incomplete lock is kept for thirty seconds", async () => {
  await writeFile(path, '{"token":"a');
  await expect(acquireLock(path, { timeout: 0 })).rejects.toMatchObject({ code: "ERR_LOCK_TIMEOUT" });
  await takeAndRelease({ timeout: 1_000, now: () => Date.now() + 31_000 });
});

test("a holder that was considered dead does not release its successor's lock", async () => {
  const slow = await acquireLock(path, { timeout: 0 });
  await rm(path);
  const next = await acquireLock(path, { timeout: 0 });
  await slow.release();
  expect((await ownerOf()).token).toBe(next.token);
});

test("twenty waiters that find a dead holder get the lock one after another", async () => {
  await leave({ started: "1" });
  let inside = 0;
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      const lock = await acquireLock(path, { timeout: 20_000 });
      inside += 1;
      expect(inside).toBe(1);
      await readdir(folder);
      inside -= 1;
      await lock.release();
    }),
  );
  expect(await readdir(folder)).toEqual([]);
});
