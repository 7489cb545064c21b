import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MaintenanceError } from "../../src/errors.ts";
import { type FallbackStore, fallbackStore } from "../../src/stores/fallback.ts";
import { fileStore } from "../../src/stores/file.ts";
import type { Store } from "../../src/stores/store.ts";
import { type ChaosStore, chaosStore } from "../../src/testing/doubles/chaos-store.ts";
import { createFakeClock, type FakeClock } from "../../src/testing/doubles/fake-clock.ts";
import { change, contentOf, draftFrom, soon } from "../../src/testing/stores/session.ts";

const CLOSED = { mode: "closed" };
const OPEN = { mode: "open" };

let folder: string;
let clock: FakeClock;
let opened: Store[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fallback-"));
  clock = createFakeClock();
  opened = [];
});
afterEach(async () => {
  for (const store of opened) await store.close();
  await rm(folder, { recursive: true });
});

const path = (name: string): string => join(folder, `${name}.json`);

/** Starts one process, whose primary can fail and whose copy is on the local disk. */
function start(): { first: ChaosStore; copy: ChaosStore; chain: FallbackStore } {
  const first = chaosStore(fileStore({ path: path("first") }));
  const copy = chaosStore(fileStore({ path: path("copy") }));
  const chain = fallbackStore({ primary: first, copies: [copy], clock });
  opened.push(chain);
  return { first, copy, chain };
}

async function isCopied(version: number): Promise<void> {
  const copy = fileStore({ path: path("copy") });
  await expect.poll(async () => (await copy.load()).version, { timeout: 10_000 }).toBe(version);
  await copy.close();
}

/** Makes a change through another server. */
async function changeElsewhere(after: Parameters<typeof change>[1]): Promise<void> {
  const other = fileStore({ path: path("first") });
  await change(other, after);
  await other.close();
}

test("a copy that was deleted by hand is written again within seconds, even without a change", async () => {
  const { first, copy, chain } = start();
  const position = await change(chain, { shop: CLOSED });
  await isCopied(1);
  await rm(path("copy"));
  // Polls as a gate does while nothing changes.
  for (let poll = 0; poll < 2; poll += 1) {
    await clock.advance(2_000);
    expect(await chain.changesSince(position)).toEqual([]);
  }
  await isCopied(1);
  const looks = copy.calls.changesSince;
  expect(await chain.changesSince(position)).toEqual([]);
  expect(copy.calls.changesSince).toBe(looks);
  first.inject("fail");
  expect(contentOf((await chain.load()).records)).toEqual({ shop: { version: 1, content: CLOSED } });
});

describe("during an outage of the primary", () => {
  test("reads continue from the copy, and report it", async () => {
    const { first, copy, chain } = start();
    const position = await change(chain, { shop: CLOSED });
    await isCopied(1);
    expect(chain.current).toBe(first.name);
    first.inject("fail");
    const state = await chain.load();
    expect(contentOf(state.records)).toEqual({ shop: { version: 1, content: CLOSED } });
    expect(chain.current).toBe(copy.name);
    expect(await chain.changesSince(position)).toBe("reload");
    expect(await chain.changesSince(state)).toEqual([]);
    expect((await chain.history({ limit: 5 })).map(({ version }) => version)).toEqual([1]);
  });

  test("a process that starts knows what is closed", async () => {
    const before = start();
    await change(before.chain, { shop: CLOSED });
    await isCopied(1);
    await before.chain.close();
    const { first, chain } = start();
    first.inject("fail");
    expect(contentOf((await chain.load()).records)).toEqual({ shop: { version: 1, content: CLOSED } });
  });

  test("a change is refused with the reason, and reaches no store", async () => {
    const { first, copy, chain } = start();
    await change(chain, { shop: CLOSED });
    await isCopied(1);
    first.inject("fail");
    const state = await chain.load();
    const refused = chain.commit(draftFrom(state, { shop: OPEN }));
    await expect(refused).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      message: `Changes go to ${first.name} only: The connection was lost in 'commit'. Meanwhile the state is read from ${copy.name}.`,
    });
    expect((await chain.load()).version).toBe(1);
    first.recover();
    expect((await first.load()).version).toBe(1);
  });

  test("a change that was decided on a copy is a conflict when the primary is back, and nothing is lost", async () => {
    const { first, chain } = start();
    await change(chain, { shop: CLOSED });
    await isCopied(1);
    first.inject("fail");
    const state = await chain.load();
    first.recover();
    await changeElsewhere({ shop: OPEN });
    expect(await chain.commit(draftFrom(state, { shop: { mode: "read-only" } }))).toMatchObject({ reason: "conflict" });
  });

  test("an empty copy is not an answer", async () => {
    const { first, chain } = start();
    first.inject("fail");
    await expect(chain.load()).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      message: expect.stringContaining("holds no copy yet"),
    });
  });

  test("a copy that is older than the primary's last answer is not an answer", async () => {
    const { first, copy, chain } = start();
    await change(chain, { shop: CLOSED });
    await isCopied(1);
    copy.inject("fail", "importState");
    const position = await change(chain, { shop: OPEN });
    first.inject("fail");
    const reads = [() => chain.load(), () => chain.changesSince(position), () => chain.history({ limit: 1 })];
    for (const read of reads) await expect(read()).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
  });

  test("a primary that does not answer delays a read by at most `patience`, and is asked less often from then on", async () => {
    const { first, chain } = start();
    await change(chain, { shop: CLOSED });
    await isCopied(1);
    first.inject("hang");
    const loading = chain.load();
    await clock.advance(999);
    expect(await Promise.race([loading, "waiting"])).toBe("waiting");
    await clock.advance(1);
    expect((await soon(loading, "the copy's answer")).version).toBe(1);
    const asked = first.calls.load;
    expect((await chain.load()).version).toBe(1);
    expect(first.calls.load).toBe(asked);
  });

  test("a slow primary is still followed, and its late answer is copied", async () => {
    const { first, chain } = start();
    await change(chain, { shop: CLOSED });
    await isCopied(1);
    await changeElsewhere({ shop: OPEN });
    first.inject("hang", "load");
    const loading = chain.load();
    await clock.advance(1_000);
    expect((await soon(loading, "the copy's answer")).version).toBe(1);
    first.recover();
    await isCopied(2);
  });
});

describe("when the primary is back", () => {
  test("it is read again, with everything that happened meanwhile", async () => {
    const { first, chain } = start();
    await change(chain, { shop: CLOSED });
    await isCopied(1);
    first.inject("fail");
    const state = await chain.load();
    await changeElsewhere({ shop: OPEN });
    first.recover();
    await clock.advance(5_000);
    expect(await chain.changesSince(state)).toBe("reload");
    expect((await chain.load()).version).toBe(2);
    expect(chain.current).toBe(first.name);
    await isCopied(2);
  });

  test('a position of the copy never gets "nothing changed", even if the versions are the same', async () => {
    const { first, chain } = start();
    const { lineage } = await change(chain, { shop: CLOSED });
    await isCopied(1);
    first.inject("fail");
    const state = await chain.load();
    // After a backup is restored and changed, the version is the same but the state is another.
    const other = fileStore({ path: path("other") });
    const changed = await change(other, { blog: CLOSED });
    const text = await readFile(path("other"), "utf8");
    await writeFile(path("first"), text.replace(changed.lineage, lineage));
    first.recover();
    await clock.advance(5_000);
    expect(await chain.changesSince(state)).toBe("reload");
    expect(contentOf((await chain.load()).records)).toEqual({ blog: { version: 1, content: CLOSED } });
    await other.close();
  });

  test("a primary that was restored to an older state is followed, and its state is copied", async () => {
    const { chain } = start();
    const first = await change(chain, { shop: CLOSED });
    const backup = await chain.load();
    await change(chain, { shop: OPEN });
    await isCopied(2);
    const restored = fileStore({ path: path("first") });
    const now = await restored.load();
    await restored.importState({ ...backup, history: [] }, now);
    expect((await chain.load()).version).toBe(1);
    expect(first.version).toBe(1);
    await isCopied(1);
    await restored.close();
  });
});

describe("what does not count as an outage", () => {
  test("a state that an operator has damaged is reported, not replaced by a copy", async () => {
    const { chain } = start();
    await change(chain, { shop: CLOSED });
    await isCopied(1);
    await writeFile(path("first"), "{");
    await expect(chain.load()).rejects.toMatchObject({ code: "ERR_STATE_UNREADABLE" });
  });

  test("a primary that was never written is an answer, and is not copied over a known state", async () => {
    const before = start();
    await change(before.chain, { shop: CLOSED });
    await isCopied(1);
    await rm(path("first"));
    const { chain } = start();
    expect((await chain.load()).version).toBe(0);
    expect(chain.current).toContain("first.json");
    await isCopied(1);
  });
});

describe("examining", () => {
  const told = async (chain: FallbackStore) =>
    ((await chain.examine?.()) ?? []).map(({ level, subject, message }) => `${level} ${subject}: ${message}`);

  test("reports that everything works", async () => {
    const { first, copy, chain } = start();
    await change(chain, { shop: CLOSED });
    expect(await told(chain)).toEqual([
      `ok primary: ${first.name} answers`,
      `ok copy: ${copy.name} holds version 1`,
      expect.stringContaining(`ok ${first.name}, readers: `),
      expect.stringContaining(`ok ${copy.name}, readers: `),
    ]);
  });

  test("explains an outage, and why a copy could not be written", async () => {
    const { first, copy, chain } = start();
    copy.inject("fail", "importState");
    await change(chain, { shop: CLOSED });
    expect(await told(chain)).toContainEqual(
      `warn copy: ${copy.name} holds nothing yet: The connection was lost in 'importState'.`,
    );
    first.inject("fail");
    expect((await told(chain))[0]).toContain("every change is refused");
  });

  test("a failed copy is written later", async () => {
    const { copy, chain } = start();
    copy.inject("fail", "importState");
    const position = await change(chain, { shop: CLOSED });
    await told(chain);
    copy.recover();
    await clock.advance(5_000);
    await chain.changesSince(position);
    await isCopied(1);
  });
});

test("closing closes all stores, once, after the copy was written", async () => {
  const { first, copy, chain } = start();
  await change(chain, { shop: CLOSED });
  await chain.close();
  await chain.close();
  await isCopied(1);
  for (const store of [first, copy]) await expect(store.load()).rejects.toMatchObject({ code: "ERR_ALREADY_CLOSED" });
});

test("an error without a code is an outage too, because another store may throw anything", async () => {
  const { first, copy } = start();
  const own: Store = { ...first, name: "own", load: () => Promise.reject(new TypeError("socket hang up")) };
  const chain = fallbackStore({ primary: own, copies: [copy], clock });
  await expect(chain.load()).rejects.toThrow(MaintenanceError);
  await expect(chain.load()).rejects.toThrow(/socket hang up/);
});
