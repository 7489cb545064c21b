import { readdir, readFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "../../../src/stores/store.ts";
import { change, soon } from "../../../src/testing/stores/session.ts";
import { runFixture } from "../../fixtures/run-fixture.ts";
import type { RunningServer } from "./start-server.ts";

export interface ServerUnderTest<Server extends RunningServer> {
  /** The name that the fixture `commit-to-server` expects. */
  readonly kind: "redis" | "nats";
  /** Starts a server that writes every change to disk before it responds. */
  start(): Promise<Server>;
  addressOf(server: Server): string;
  open(address: string, timeout: number): Store;
  /** Removes all data. */
  wipe(server: Server): Promise<void>;
}

const UNAVAILABLE = { code: "ERR_STORE_UNAVAILABLE" };

/** A store timeout in milliseconds: long enough for a busy machine, soon exceeded by a server that hangs. */
const SHORT = 2_000;

/** Defines the cases that every store over a server must pass, with a real server. */
export function storeFaults<Server extends RunningServer>(under: ServerUnderTest<Server>): void {
  let server: Server;
  let address: string;
  const stores: Store[] = [];

  function open(timeout = 5_000): Store {
    const store = under.open(address, timeout);
    stores.push(store);
    return store;
  }

  beforeAll(async () => {
    server = await under.start();
    address = under.addressOf(server);
  });
  beforeEach(() => under.wipe(server));
  afterEach(async () => void (await Promise.all(stores.splice(0).map((store) => store.close()))));
  afterAll(() => server?.stop());

  test("ten thousand records are loaded completely", async () => {
    const store = open(60_000);
    const records = Array.from({ length: 10_000 }, (_, index) => {
      return {
        id: `site-${index}`,
        version: 1 + (index % 7),
        text: JSON.stringify({ index, message: "x".repeat(100) }),
      };
    });
    const content = { lineage: "elsewhere", version: 12, records, history: [] };
    expect(await store.importState(content, { lineage: "", version: 0 })).toMatchObject({ ok: true });
    const byId = (a: { readonly id: string }, b: { readonly id: string }) => a.id.localeCompare(b.id);
    const loaded = await open(60_000).load();
    expect(loaded.records.toSorted(byId)).toEqual(records.toSorted(byId));
  });

  test("two processes that write at once lose nothing, and the versions are consecutive", async () => {
    const runs = ["a", "b"].map((site) => runFixture("commit-to-server", under.kind, address, site, 25));
    const ends = await Promise.all(runs.map(({ ended }) => ended));
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    const store = open();
    const { version, records } = await store.load();
    expect(version).toBe(50);
    expect(records.find(({ id }) => id === "counter")).toEqual({ id: "counter", version: 50, text: '{"count":50}' });
    const announced = ends.flatMap(({ output }) => output.trim().split("\n").slice(1).map(Number));
    const all = Array.from({ length: 50 }, (_, index) => index + 1);
    expect(announced.sort((a, b) => a - b)).toEqual(all);
    expect((await store.history({ limit: 1000 })).map(({ version }) => version)).toEqual(all.reverse());
  });

  describe("when the server is killed and started again", () => {
    test("during commits, no accepted change is lost", async () => {
      const { lines, ended } = runFixture("commit-to-server", under.kind, address, "shop", 120);
      for (let line = 0; line < 20; line += 1) await lines.next();
      await server.kill();
      await server.start();
      for (let line = 0; line < 40; line += 1) await lines.next();
      await server.kill();
      await server.start();
      const { output, code } = await ended;
      expect(code).toBe(0);
      const announced = output.trim().split("\n").slice(1).map(Number);
      const store = open();
      const { version, records } = await store.load();
      expect(records.find(({ id }) => id === "counter")?.text).toBe(`{"count":${version}}`);
      // A commit that a kill interrupts may be written without being announced.
      expect(version - announced.length).toBeLessThanOrEqual(2);
      const written = (await store.history({ limit: 1000 })).map((entry) => entry.version);
      expect(written).toEqual(Array.from({ length: version }, (_, index) => version - index));
      expect(announced.filter((entry) => !written.includes(entry))).toEqual([]);
    });

    test("calls fail at once while it is down, and succeed when it is back", async () => {
      const store = open(60_000);
      const position = await change(store, { shop: { mode: "closed" } });
      await server.kill();
      await soon(expect(store.load()).rejects.toMatchObject(UNAVAILABLE), "the first refusal");
      await soon(expect(store.changesSince(position)).rejects.toMatchObject(UNAVAILABLE), "the second refusal");
      await server.start();
      expect(await store.changesSince(position)).toEqual([]);
      expect((await store.load()).version).toBe(1);
    });

    test("a store that was created before the server was up connects when it is", async () => {
      await server.kill();
      const store = open();
      const ends = await Promise.allSettled([store.load(), store.load(), store.history({ limit: 1 })]);
      const refused = { status: "rejected", reason: expect.objectContaining(UNAVAILABLE) };
      expect(ends).toEqual([refused, refused, refused]);
      await server.start();
      expect((await store.load()).version).toBe(0);
    });

    test("a watch rejects, and can be started again", async () => {
      const store = open();
      await change(store, { shop: { mode: "closed" } });
      const ending = new AbortController();
      const [heard, watching] = watch(store, ending.signal);
      await soon(heard, "the first hint");
      const ended = soon(expect(watching).rejects.toMatchObject(UNAVAILABLE), "the end of the watch");
      await server.kill();
      await ended;
      await server.start();
      const [heardAgain, watchingAgain] = watch(store, ending.signal);
      await soon(heardAgain, "the hint of the second watch");
      ending.abort();
      await watchingAgain;
    });
  });

  describe("when the server hangs", () => {
    afterEach(() => server.signal("SIGCONT"));

    test("a call times out, and the next one connects again", async () => {
      const store = open(SHORT);
      await change(open(), { shop: { mode: "closed" } });
      await store.load();
      await hang(server);
      await expect(store.load()).rejects.toMatchObject({ ...UNAVAILABLE, message: expect.stringContaining("2 s") });
      await expect(store.load()).rejects.toMatchObject(UNAVAILABLE);
      server.signal("SIGCONT");
      await expect.poll(() => store.load(), { timeout: 10_000 }).toMatchObject({ version: 1 });
    });

    test("a call rejects with the reason of its signal", async () => {
      const store = open(60_000);
      const { lineage } = await change(store, { shop: { mode: "closed" } });
      await hang(server);
      const giveUp = new AbortController();
      const { signal } = giveUp;
      const calls = [store.load({ signal }), store.changesSince({ lineage, version: 1 }, { signal })];
      giveUp.abort(new Error("no longer wanted"));
      const ended = { status: "rejected", reason: new Error("no longer wanted") };
      expect(await Promise.allSettled(calls)).toEqual([ended, ended]);
    });

    test("a watch rejects although the server sends nothing", async () => {
      const store = open(SHORT);
      const [heard, watching] = watch(store, new AbortController().signal);
      await Promise.race([heard, watching]);
      const ended = expect(watching).rejects.toMatchObject(UNAVAILABLE);
      await hang(server);
      await soon(ended, "the end of the watch");
    });
  });
}

/** Suspends the server; resolves when all its threads have stopped, which takes a moment after the signal. */
async function hang(server: RunningServer): Promise<void> {
  server.signal("SIGSTOP");
  const tasks = `/proc/${server.pid}/task`;
  const states = async (): Promise<readonly string[]> => {
    const stats = (await readdir(tasks)).map((task) => readFile(`${tasks}/${task}/stat`, "utf8"));
    return (await Promise.all(stats)).map((stat) => stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3));
  };
  await expect.poll(async () => (await states()).every((state) => state === "T"), { timeout: 10_000 }).toBe(true);
}

/** Starts a watch; returns promises of its first hint and of its end. */
function watch(
  store: Store,
  signal: AbortSignal,
): readonly [heard: Promise<void>, watching: Promise<void> | undefined] {
  let hear: () => void = () => {};
  const heard = new Promise<void>((resolve) => {
    hear = resolve;
  });
  return [heard, store.watch?.(hear, { signal })];
}
