import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { run } from "../../../src/cli/run.ts";
import { loadLinearRegExp } from "../../../src/rules/linear-regexp.ts";
import type { Store } from "../../../src/stores/store.ts";
import { type BarrierWorld, barrierWorld } from "../../support/barrier-world.ts";
import { type FakeContext, type FakeContextOptions, fakeContext } from "./fake-context.ts";

const STORE = Symbol.for("store of the wait tests");

let cwd: string;
let world: BarrierWorld;

beforeAll(async () => {
  await loadLinearRegExp();
  cwd = mkdtempSync(join(tmpdir(), "cli-wait-"));
  writeFileSync(
    join(cwd, "maintenance.config.mjs"),
    `const store = () => globalThis[Symbol.for("${STORE.description}")];
export default { get store() { return store(); }, sites: { shop: {}, blog: {} }, groups: ["db"] };`,
  );
});
afterAll(() => rmSync(cwd, { recursive: true }));
beforeEach(() => {
  world = barrierWorld();
});

interface Started {
  readonly context: FakeContext;
  readonly code: Promise<number>;
  /** Resolves when the command reads the state: until then, it loads its modules in real time. */
  readonly reads: Promise<void>;
}

function start(line: readonly string[], options: Omit<FakeContextOptions, "cwd"> = {}, store = world.store): Started {
  const { promise: reads, resolve } = Promise.withResolvers<void>();
  const kept: Store = {
    ...store,
    load(...given) {
      resolve();
      return store.load(...given);
    },
    // The command closes the store of its configuration.
    close: async () => {},
  };
  Object.assign(globalThis, { [STORE]: kept });
  const context = { ...fakeContext({ cwd, isInteractive: false, ...options }), clock: world.clock };
  return { context, code: run(context, line), reads };
}

/** Advances the clock until the command has ended. */
async function finish({
  context,
  code,
  reads,
}: Started): Promise<{ readonly code: number; readonly written: FakeContext["written"] }> {
  let ended: number | null = null;
  void code.then((it) => {
    ended = it;
  });
  await Promise.race([code, reads]);
  for (let passed = 0; ended === null; passed += 1) {
    if (passed > 4_000) throw new Error(`The command did not end.\n${context.written.stdout}${context.written.stderr}`);
    await world.clock.advance(250);
  }
  return { code: ended, written: context.written };
}

describe("on --wait", () => {
  test("says that every process has closed and drained, and exits with 0", async () => {
    await world.members("web-1", "web-2");
    await world.settle();
    const { code, written } = await finish(start(["on", "shop", "--wait"]));
    expect({ code, stderr: written.stderr }).toMatchObject({ code: 0 });
    expect(written.stdout).toContain("shop is closed now");
    expect(written.stdout).toContain("Closed and drained.");
    expect(written.stdout).toContain("2 processes: 2 closed and drained.");
    expect(written.stderr).toContain("Waiting for the processes. 2 processes: 2 closed and drained\n");
  });

  test("names what it waits for, and exits with 6 if it is not proved in time", async () => {
    const [member] = await world.members("web-3");
    await world.settle();
    member?.admit("shop", "requests", "POST /import");
    const { code, written } = await finish(start(["on", "shop", "--wait", "--timeout", "30s"]));
    expect(code).toBe(6);
    expect(written.stdout).toContain("Not proved: the sites are closed.");
    expect(written.stdout).toMatch(/web-3 pid 101 on host-web-3: 1 request, oldest \d+ s, POST \/import\./);
  });

  test("shows one block on a terminal, and removes it", async () => {
    await world.members("web-1");
    await world.settle();
    const { written } = await finish(start(["on", "shop", "--wait"], { isTTY: true }));
    expect(written.stderr).toContain("\u001B[1A\u001B[0J");
    expect(written.stderr.endsWith("\u001B[0J")).toBe(true);
  });

  test("prints a line of JSON for each look, and one for the result", async () => {
    await world.members("web-1");
    await world.settle();
    const { written } = await finish(start(["on", "shop", "--wait", "--json"]));
    const lines = written.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.slice(0, -1).map(({ event }) => event)).toEqual(lines.slice(0, -1).map(() => "progress"));
    expect(lines.at(-1)).toMatchObject({ event: "result", command: "on", wait: { exit: 0, closed: true } });
  });

  test("an interrupt leaves the site closed, and exits with 130", async () => {
    const [member] = await world.members("web-1");
    await world.settle();
    member?.admit("shop");
    let interrupt = (_signal: string): void => {};
    const stopped = () =>
      new Promise<string>((resolve) => {
        interrupt = resolve;
      });
    const started = start(["on", "shop", "--wait"], { stopped });
    await started.reads;
    await world.clock.advance(20_000);
    interrupt("SIGINT");
    const { code, written } = await finish(started);
    expect(code).toBe(130);
    expect(written.stdout).toContain("It was interrupted.");
    expect((await world.controller.state()).records.get("shop")?.mode).toBe("closed");
    expect((await world.store.members?.list())?.barriers).toEqual([]);
  });

  test("is refused over a store without a list", async () => {
    const { members: _members, ...bare } = world.store;
    const { code, written } = await finish(start(["on", "shop", "--wait"], {}, bare));
    expect(code).toBe(1);
    expect(written.stderr).toContain(
      "The processes cannot be waited for over memory of this process: it keeps no list",
    );
    expect(written.stderr).toContain("[ERR_NO_BARRIER]");
    expect((await world.controller.state()).records.size).toBe(0);
  });

  test("is refused while another barrier is on", async () => {
    const [member] = await world.members("web-1");
    await world.settle();
    member?.admit("shop");
    const first = start(["on", "shop", "--wait", "--timeout", "60s"]);
    await first.reads;
    await world.clock.advance(5_000);
    const { code, written } = await finish(start(["on", "--wait"]));
    expect(code).toBe(1);
    expect(written.stderr).toMatch(/Held by 'on' on \S+ \(pid \d+\): shop\. \[ERR_HELD\]/);
    await finish(first);
  });

  test("an option of the wait without --wait is refused", async () => {
    const { code, written } = await finish(start(["on", "shop", "--accept-evicted", "60s"]));
    expect(code).toBe(1);
    expect(written.stderr).toContain("--accept-evicted has a meaning only with --wait.");
  });
});
