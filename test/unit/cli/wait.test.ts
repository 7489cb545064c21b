import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadLinearRegExp } from "../../../src/rules/linear-regexp.ts";
import { type BarrierWorld, barrierWorld } from "../../support/barrier-world.ts";
import { cliInWorld } from "./cli-in-world.ts";

let world: BarrierWorld;
const { start, finish, remove } = cliInWorld(() => world);

beforeAll(loadLinearRegExp);
afterAll(remove);
beforeEach(() => {
  world = barrierWorld();
});

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

  test("a wait that ends before the closure was written leaves the site as it was", async () => {
    const [member] = await world.members("web-1");
    await world.settle();
    member?.admit("shop");
    const first = start(["on", "shop", "--wait", "--timeout", "60s"]);
    await first.reads;
    await world.clock.advance(5_000);
    const { code, written } = await finish(start(["on", "--wait", "--queue", "--timeout", "10s"]));
    expect(code).toBe(6);
    expect(written.stdout).toContain("Not proved: the sites are not closed.");
    expect((await world.controller.state()).records.get("*")?.mode ?? "open").toBe("open");
    await finish(first);
  });

  test("an option of the wait without --wait is refused", async () => {
    const { code, written } = await finish(start(["on", "shop", "--accept-evicted", "60s"]));
    expect(code).toBe(1);
    expect(written.stderr).toContain("--accept-evicted has a meaning only with --wait.");
  });

  test("the history shows the closure, and what woke the processes", async () => {
    await world.members("web-1");
    await world.settle();
    await finish(start(["on", "shop", "--wait"]));
    const { code, written } = await finish(start(["history"]));
    expect(code).toBe(0);
    expect(written.stdout).toContain("shop closed");
    expect(written.stdout).toContain('version 1, by ada (cli, from desk), because "barrier for shop"');
  });
});
