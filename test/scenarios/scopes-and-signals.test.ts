import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseState } from "../../src/state/parse-state.ts";
import { fileStore } from "../../src/stores/file.ts";
import { runFixture } from "../fixtures/run-fixture.ts";

let folder: string;
let cases = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "maintenance-"));
});
afterAll(() => rm(folder, { recursive: true }));

const freshPath = (): string => join(folder, `state-${++cases}.json`);

/** Returns the sites that are stored as closed. */
async function closedIn(path: string): Promise<readonly string[]> {
  const store = fileStore({ path });
  const { records } = parseState(await store.load());
  await store.close();
  return [...records.values()].filter(({ mode }) => mode !== "open").map(({ id }) => id);
}

test.each(["SIGINT", "SIGTERM"] as const)("%s restores what scopes have closed, and ends the process", async (name) => {
  const path = freshPath();
  const { child, lines, ended } = runFixture("migrate-in-scope", path);
  expect((await lines.next()).value).toBe("closed");
  expect((await closedIn(path)).toSorted()).toEqual(["*", "shop"]);
  child.kill(name);
  expect(await ended).toMatchObject({ signal: name });
  expect(await closedIn(path)).toEqual([]);
});

test("a signal with a handler of the application restores, and the application runs until it ends", async () => {
  const path = freshPath();
  const { child, lines, ended } = runFixture("migrate-in-scope", path, "own");
  expect((await lines.next()).value).toBe("closed");
  child.kill("SIGTERM");
  expect((await lines.next()).value).toBe("handled");
  await expect.poll(() => closedIn(path), { timeout: 10_000 }).toEqual([]);
  child.stdin?.end();
  expect(await ended).toMatchObject({ code: 0, signal: null });
  expect(await closedIn(path)).toEqual([]);
});

test("a scope that has ended leaves signals unchanged", async () => {
  const path = freshPath();
  const { child, lines, ended } = runFixture("migrate-in-scope", path);
  expect((await lines.next()).value).toBe("closed");
  child.stdin?.end();
  expect(await ended).toMatchObject({ code: 0, signal: null });
  expect(await closedIn(path)).toEqual([]);
});
