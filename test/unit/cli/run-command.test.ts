import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Program } from "../../../src/cli/cli-context.ts";
import { loadLinearRegExp } from "../../../src/rules/linear-regexp.ts";
import { type BarrierWorld, barrierWorld } from "../../support/barrier-world.ts";
import { membersOf } from "../../support/barriers.ts";
import { deferred } from "../../support/deferred.ts";
import { listProcess } from "../../support/member-rows.ts";
import { cliInWorld } from "./cli-in-world.ts";

let world: BarrierWorld;
const { start, finish, remove } = cliInWorld(() => world);

beforeAll(loadLinearRegExp);
afterAll(remove);
beforeEach(async () => {
  world = barrierWorld();
  await world.member("web-1");
  await world.settle();
});

type Ending = Awaited<Program["ended"]>;

/** A program that runs until the test ends it, or until it gets a signal. */
function fakeProgram(failure?: NodeJS.ErrnoException) {
  const started: { line: string; env: Readonly<Record<string, string>> }[] = [];
  const signals: NodeJS.Signals[] = [];
  const begun = deferred<void>();
  const { promise: ended, resolve } = deferred<Ending>();
  return {
    started,
    signals,
    begun: begun.promise,
    end: (code: number) => resolve({ code, signal: null }),
    async startProgram(command: string, args: readonly string[], env: Readonly<Record<string, string>>) {
      if (failure !== undefined) throw failure;
      started.push({ line: [command, ...args].join(" "), env });
      begun.resolve();
      return {
        ended,
        kill(signal: NodeJS.Signals) {
          signals.push(signal);
          if (signal === "SIGKILL") resolve({ code: null, signal });
        },
      };
    },
  };
}

const modeOf = async (site = "shop") => (await world.controller.state()).records.get(site)?.mode ?? "open";
const barriers = async () => (await world.store.members?.list())?.barriers ?? [];

/** Advances the clock until the program runs. */
async function untilStarted(program: ReturnType<typeof fakeProgram>, started: ReturnType<typeof start>): Promise<void> {
  await Promise.race([started.reads, started.code]);
  for (let passed = 0; program.started.length === 0; passed += 1) {
    if (passed > 1_000) throw new Error(started.context.written.stderr);
    await world.clock.advance(250);
  }
}

const ignored = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code });

describe("run", () => {
  test("closes the site while the command runs, restores it, and returns its code", async () => {
    const program = fakeProgram();
    const started = start(["run", "shop", "--wait", "--", "npm", "run", "migrate", "--json"], program);
    await untilStarted(program, started);
    expect(await modeOf()).toBe("closed");
    expect(program.started).toMatchObject([
      {
        line: "npm run migrate --json",
        env: { MAINTENANCE_SITE: "shop", MAINTENANCE_FENCE: expect.stringMatching(/^[\w-]+:1$/) },
      },
    ]);
    await world.clock.advance(60_000);
    expect(await barriers()).toHaveLength(1);
    program.end(0);
    const { code, written } = await finish(started);
    expect({ code, stdout: written.stdout }).toEqual({ code: 0, stdout: "" });
    expect(written.stderr).toContain("Restored as found: shop.");
    expect(await modeOf()).toBe("open");
    expect(await barriers()).toEqual([]);
  });

  test("does not wait for the processes without --wait", async () => {
    const program = fakeProgram();
    const started = start(["run", "shop", "--", "true"], program);
    await untilStarted(program, started);
    program.end(0);
    expect((await finish(started)).code).toBe(0);
  });

  test("restores a closure that it has found", async () => {
    await world.controller.close("shop", { until: "2h", message: "Found" });
    const program = fakeProgram();
    const started = start(["run", "shop", "--message", "Migration", "--", "true"], program);
    await untilStarted(program, started);
    expect((await world.controller.state()).records.get("shop")).toMatchObject({
      until: null,
      notice: { message: "Migration" },
    });
    program.end(0);
    await finish(started);
    const record = (await world.controller.state()).records.get("shop");
    expect(record).toMatchObject({ mode: "closed", notice: { message: "Found" } });
    expect(record?.until).not.toBeNull();
  });

  test.each([
    ["stay", "closed"],
    ["restore", "open"],
  ])("after a failure with --on-failure %s the site is %s", async (how, mode) => {
    const program = fakeProgram();
    const started = start(["run", "shop", "--on-failure", how, "--", "false"], program);
    await untilStarted(program, started);
    program.end(3);
    const { code, written } = await finish(started);
    expect(code).toBe(3);
    expect(await modeOf()).toBe(mode);
    expect(await barriers()).toEqual([]);
    if (mode === "closed") expect(written.stderr).toContain("To open: maintenance-mode off shop");
  });

  test("a closure of another operator meanwhile is never opened", async () => {
    const program = fakeProgram();
    const started = start(["run", "shop", "--", "true"], program);
    await untilStarted(program, started);
    await world.controller.close("shop", { message: "Incident" });
    program.end(0);
    const { code, written } = await finish(started);
    expect(code).toBe(0);
    expect(await modeOf()).toBe("closed");
    expect(written.stderr).toContain("shop was switched by another command meanwhile, and stays as it is.");
  });

  test("stops the command when the site is opened, and exits with 7", async () => {
    const program = fakeProgram();
    const started = start(["run", "shop", "--", "sleep"], program);
    await untilStarted(program, started);
    await world.controller.open("shop", { anyway: true });
    const { code } = await finish(started);
    expect({ code, signals: program.signals }).toEqual({ code: 7, signals: ["SIGTERM", "SIGKILL"] });
    expect(await modeOf()).toBe("open");
  });

  test("sees that the site was opened and closed again", async () => {
    const program = fakeProgram();
    const started = start(["run", "shop", "--on-opened", "go-on", "--", "sleep"], program);
    await untilStarted(program, started);
    await world.controller.open("shop", { anyway: true });
    await world.controller.close("shop");
    await world.clock.advance(10_000);
    program.end(0);
    const { code } = await finish(started);
    expect({ code, signals: program.signals }).toEqual({ code: 7, signals: [] });
    expect(await modeOf()).toBe("closed");
  });

  test.each([
    ["starts with an override", { override: "open" }, "late pid 411 has started with an override that keeps it open."],
    ["loses its guard", { state: "unguarded" }, "late pid 411 lets requests in: its guard was removed."],
  ] as const)("a process that %s behind the proof ends it with 7", async (_what, row, words) => {
    const program = fakeProgram();
    const started = start(["run", "shop", "--wait", "--", "sleep"], program);
    await untilStarted(program, started);
    await listProcess(membersOf(world.store), "late", { label: "late", ...row });
    await world.clock.advance(10_000);
    expect(program.signals).toEqual([]);
    program.end(0);
    const { code, written } = await finish(started);
    expect(code).toBe(7);
    expect(written.stderr).toContain(words);
    expect(await modeOf()).toBe("closed");
  });

  test("a hold that was silent and marked as lost is not restored: 7", async () => {
    const program = fakeProgram();
    const started = start(["run", "shop", "--", "sleep"], program);
    await untilStarted(program, started);
    world.storage.fault = (call, key) => (call === "put" && key === "barriers" ? "fail" : "none");
    await world.clock.advance(30_000);
    world.storage.fault = () => "none";
    const [hold] = await barriers();
    if (hold === undefined) throw new Error("There is no hold.");
    await world.store.members?.setBarrier(
      { ...hold, text: hold.text.replace(/"phase":"\w+"/, '"phase":"lost"') },
      hold.seq,
    );
    await world.clock.advance(10_000);
    expect(program.signals).toEqual([]);
    program.end(0);
    const { code } = await finish(started);
    expect(code).toBe(7);
    expect(await modeOf()).toBe("closed");
  });

  test.each([
    ["ENOENT", 127],
    ["EACCES", 126],
  ])("a command that cannot be started (%s) is %d, and the site is restored", async (failure, expected) => {
    const { code } = await finish(start(["run", "shop", "--", "nothing"], fakeProgram(ignored(failure))));
    expect(code).toBe(expected);
    expect(await modeOf()).toBe("open");
  });

  test("is 125 if the closure is not proved, and the site is restored", async () => {
    const member = await world.member("web-2");
    await world.settle();
    member.admit("shop");
    const program = fakeProgram();
    const { code, written } = await finish(start(["run", "shop", "--wait", "--timeout", "30s", "--", "true"], program));
    expect({ code, started: program.started }).toEqual({ code: 125, started: [] });
    expect(written.stderr).toContain("The command was not started.");
    expect(await modeOf()).toBe("open");
  });

  test("passes signals on to the command", async () => {
    const listeners = new Set<(signal: NodeJS.Signals) => void>();
    const onSignal = (listener: (signal: NodeJS.Signals) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    };
    const program = fakeProgram();
    const started = start(["run", "shop", "--", "sleep"], { ...program, onSignal });
    await untilStarted(program, started);
    for (const listener of listeners) listener("SIGTERM");
    program.end(143);
    expect((await finish(started)).code).toBe(143);
    expect(program.signals).toEqual(["SIGTERM"]);
    expect(await modeOf()).toBe("closed");
  });

  test("another run is refused unless it takes over, and the first one then ends with 7", async () => {
    const program = fakeProgram();
    const first = start(["run", "shop", "--", "sleep"], program);
    await untilStarted(program, first);
    const refused = await finish(start(["run", "shop", "--", "true"], fakeProgram()));
    expect(refused.code).toBe(1);
    expect(refused.written.stderr).toContain("[ERR_HELD]");
    const second = fakeProgram();
    const started = start(["run", "shop", "--take-over", "--", "true"], second);
    await untilStarted(second, started);
    second.end(0);
    expect((await finish(started)).code).toBe(0);
    program.end(0);
    expect((await finish(first)).code).toBe(7);
    expect(await modeOf()).toBe("closed");
  });

  test("`off` of a held site is refused without --anyway, and `status` names the holder", async () => {
    const program = fakeProgram();
    const started = start(["run", "shop", "--", "sleep"], program);
    await untilStarted(program, started);
    const status = await finish(start(["status"]));
    expect(status.written.stdout).toMatch(/shop: held by 'run' on \S+ \(pid \d+\)\./);
    const refused = await finish(start(["off", "shop"]));
    expect(refused.code).toBe(1);
    expect(refused.written.stderr).toMatch(/Held by 'run' on .*: shop\. \[ERR_HELD\]/);
    expect((await finish(start(["off", "blog"]))).code).toBe(0);
    expect((await finish(start(["off", "shop", "--anyway"]))).code).toBe(0);
    expect(await modeOf()).toBe("open");
    program.end(0);
    expect((await finish(started)).code).toBe(7);
  });

  test("`status` says what to do about a holder that has crashed, and that removes the hold", async () => {
    const program = fakeProgram();
    const started = start(["run", "shop", "--", "sleep"], program);
    await untilStarted(program, started);
    world.storage.fault = (call, key) => (call === "put" && key === "barriers" ? "fail" : "none");
    await world.clock.advance(180_000);
    world.storage.fault = () => "none";
    const { written } = await finish(start(["status"]));
    expect(written.stdout).toMatch(
      /^shop: held by 'run' on \S+ \(pid \d+\), silent for \d min; the command may still run\. If it no longer runs: maintenance-mode off shop --anyway, or `run --take-over` to begin again\.$/m,
    );
    expect((await finish(start(["off", "shop", "--anyway"]))).code).toBe(0);
    expect(await barriers()).toEqual([]);
    program.end(0);
    expect((await finish(started)).code).toBe(7);
    expect(await modeOf()).toBe("open");
  });

  test("`on` narrows a held closure only with --anyway", async () => {
    const program = fakeProgram();
    const started = start(["run", "shop", "--", "sleep"], program);
    await untilStarted(program, started);
    expect((await finish(start(["on", "shop", "--read-only"]))).written.stderr).toContain("[ERR_HELD]");
    expect((await finish(start(["on", "shop", "--read-only", "--anyway"]))).code).toBe(0);
    program.end(0);
    expect((await finish(started)).code).toBe(7);
  });

  test("needs a command, and takes no end", async () => {
    expect((await finish(start(["run", "shop"]))).written.stderr).toContain("There is no command to run.");
    const { written } = await finish(start(["run", "shop", "--for", "2h", "--", "true"]));
    expect(written.stderr).toContain("--until and --for cannot be used with run.");
  });
});
