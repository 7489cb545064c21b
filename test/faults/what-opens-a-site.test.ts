import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { MaintenanceOptions } from "../../src/config/options.ts";
import { createController } from "../../src/control/controller.ts";
import { createGate, type Gate } from "../../src/gate.ts";
import { fallbackStore } from "../../src/stores/fallback.ts";
import { fileStore } from "../../src/stores/file.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { sqliteStore } from "../../src/stores/sqlite.ts";
import type { Store } from "../../src/stores/store.ts";
import { chaosStore } from "../../src/testing/doubles/chaos-store.ts";

// Each test has a row in docs/stores-faults.md#what-may-open-a-site.

const BY = { kind: "program", label: "test" } as const;
const ROOT = new URL("../..", import.meta.url);
let folder: string;
let path: string;
const gates: Gate[] = [];
const log: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "maintenance-"));
  path = join(folder, "state");
});

afterEach(async () => {
  await Promise.all(gates.splice(0).map((gate) => gate.close()));
  log.length = 0;
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Starts a gate with one site, `shop`. */
async function start(store: Store, options: MaintenanceOptions = {}): Promise<Gate> {
  const note = (message: string): void => void log.push(message);
  const logger = { debug: note, info: note, warn: note, error: note };
  const gate = createGate({ store, sites: { shop: {} }, logger, ...options });
  gates.push(gate);
  await gate.ready();
  return gate;
}

function close(store: Store, sites: readonly string[] = ["shop"]): Promise<unknown> {
  return createController({ store, sites: { shop: {} } }).execute({ type: "close", sites }, BY);
}

test.each(["open", "closed"] as const)(
  "a process starts, its store does not answer within startTimeout, and whenNeverLoaded is '%s'",
  async (whenNeverLoaded) => {
    const store = chaosStore(memoryStore());
    await close(store);
    store.inject("fail");
    const gate = await start(store, { whenNeverLoaded, startTimeout: 0 });
    expect(gate.mode("shop")).toBe(whenNeverLoaded);
    expect(gate.status()).toMatchObject({ neverLoaded: true });
  },
);

test.each(["open", "closed"])(
  "a process starts without a store on a runtime without a file system, and whenNeverLoaded is '%s'",
  async (whenNeverLoaded) => {
    const program = `
      import { createGate } from "maintenance-mode";
      const log = [];
      const note = (message) => log.push(message);
      const logger = { debug: note, info: note, warn: note, error: note };
      const gate = createGate({ logger, startTimeout: 0, whenNeverLoaded: ${JSON.stringify(whenNeverLoaded)} });
      await gate.ready();
      process.stdout.write(JSON.stringify({ mode: gate.mode(), log: log.join("; ") }));
      await gate.close();`;
    const args = ["--conditions=workerd", "--input-type=module", "--eval", program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
    expect(JSON.parse(stdout)).toMatchObject({
      mode: whenNeverLoaded,
      log: expect.stringContaining("The default store could not be opened: The option 'store' is missing"),
    });
  },
);

test("a process starts over an empty store", async () => {
  const gate = await start(sqliteStore({ path }));
  expect(gate.mode("shop")).toBe("open");
  expect(log.join("; ")).toContain("is empty: never written, or lost. Nothing is closed.");
});

test("the state file is removed while its folder exists", async () => {
  const store = fileStore({ path });
  await close(store);
  const gate = await start(store);
  expect(gate.mode("shop")).toBe("closed");
  await rm(path);
  await gate.refresh();
  expect(gate.mode("shop")).toBe("open");
  expect(log.join("; ")).toMatch(/was removed: nothing is closed any more\. .*shop/);
});

test("a switch begins a new state in a store that was emptied", async () => {
  const store = sqliteStore({ path });
  await close(store);
  const gate = await start(store);
  const database = new DatabaseSync(path);
  for (const table of ["state", "sites", "changes", "change_records"]) {
    database.exec(`delete from maintenance_${table}`);
  }
  database.close();
  await gate.refresh();
  expect(gate.mode("shop")).toBe("closed");
  await createController({ store }).execute({ type: "add-site", site: "blog", hosts: ["blog.example"] }, BY);
  await gate.refresh();
  expect(gate.mode("shop")).toBe("open");
});

test("a backup in which the site is open is restored", async () => {
  const store = fileStore({ path });
  await createController({ store }).execute({ type: "add-site", site: "blog", hosts: ["blog.example"] }, BY);
  await cp(path, `${path}.backup`);
  await close(store);
  const gate = await start(store);
  expect(gate.mode("shop")).toBe("closed");
  await cp(`${path}.backup`, path);
  await gate.refresh();
  expect(gate.mode("shop")).toBe("open");
});

test.each([
  ["the record of one site", "delete from maintenance_sites where id = 'shop'", "read-only"],
  ["every record and not the rest of the state", "delete from maintenance_sites", "open"],
])("an operator deletes %s from a database", async (_what, statement, left) => {
  const store = sqliteStore({ path });
  await close(store);
  await createController({ store }).execute({ type: "close", sites: ["*"], mode: "read-only" }, BY);
  const running = await start(store);
  const database = new DatabaseSync(path);
  database.exec(statement);
  database.close();
  await running.refresh();
  const started = await start(sqliteStore({ path }));
  expect([running.mode("shop"), started.mode("shop")]).toEqual(["closed", left]);
});

test("a process starts during an outage, and its copy is from before the site was closed", async () => {
  const first = chaosStore(memoryStore());
  const chain = (): Store => fallbackStore({ primary: first, copies: [fileStore({ path })] });
  await createController({ store: first }).execute({ type: "add-site", site: "blog", hosts: ["blog.example"] }, BY);
  await start(chain());
  await expect.poll(() => readFile(path, "utf8").catch(() => "")).toContain("blog");
  await close(first);
  const running = await start(first);
  first.inject("fail");
  const started = await start(chain());
  expect([running.mode("shop"), started.mode("shop")]).toEqual(["closed", "open"]);
});

test.each(["MAINTENANCE_MODE", "override"])("%s is off", async (way) => {
  const store = memoryStore();
  await close(store);
  if (way === "MAINTENANCE_MODE") vi.stubEnv(way, "off");
  const gate = await start(store, way === "override" ? { override: "off" } : {});
  expect(gate.mode("shop")).toBe("open");
});
