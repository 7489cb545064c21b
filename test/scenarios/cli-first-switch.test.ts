import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createGate, type Gate } from "../../src/gate.ts";
import { fileStore } from "../../src/stores/file.ts";
import { type CliInProcess, cliInProcess } from "../unit/cli/cli-in-process.ts";

let folder: string;
let cli: CliInProcess;
let gates: readonly Gate[];
let warnings: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "first-"));
  cli = cliInProcess();
  warnings = [];
  const path = join(folder, "not yet/state.json");
  const sites = { shop: { hosts: ["shop.example"] } };
  const logger = { debug() {}, info() {}, warn: (text: string) => void warnings.push(text), error() {} };
  gates = ["web-1", "web-2"].map((label) => createGate({ store: fileStore({ path }), sites, label, logger }));
  await Promise.all(gates.map((gate) => gate.ready()));
  Object.assign(globalThis, { firstStore: { ...fileStore({ path }), close: async () => {} } });
  cli.members = `sites: ${JSON.stringify(sites)}, store: globalThis.firstStore`;
});
afterEach(async () => {
  await Promise.all(gates.map((gate) => gate.close()));
  Reflect.deleteProperty(globalThis, "firstStore");
  cli.remove();
  rmSync(folder, { recursive: true });
});

async function run(...line: readonly string[]) {
  const { code, written } = await cli.start(line, { isInteractive: false, clock: systemClock });
  return { code, ...written };
}

describe("the first switch, which creates the folder of the state,", () => {
  test("names the processes that waited for it; they have logged nothing", async () => {
    const errors = () => gates.map((gate) => gate.status().fleet?.error?.code);
    await vi.waitFor(() => expect(errors()).toEqual(["ERR_NO_STATE", "ERR_NO_STATE"]));
    const { code, stdout } = await run("on", "shop");
    expect({ code, warnings }).toEqual({ code: 0, warnings: [] });
    expect(stdout).toMatch(/\n2 processes follow: web-1 and web-2; all have applied it \(/);
  });

  test("can wait for them", async () => {
    const { code, stdout, stderr } = await run("on", "shop", "--wait", "--expect", "2", "--timeout", "20s");
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain("2 processes: 2 closed and drained.");
  });
});
