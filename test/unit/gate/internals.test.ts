import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { adapterGate, decideRequest, fetchFacts } from "../../../src/adapters/adapter.ts";
import { expressMaintenance } from "../../../src/adapters/express.ts";
import { fetchMaintenance } from "../../../src/adapters/fetch.ts";
import { guard } from "../../../src/adapters/node.ts";
import { createAdmin } from "../../../src/admin/admin.ts";
import { createController } from "../../../src/control/controller.ts";
import { openMaintenanceScope } from "../../../src/control/scopes/with-maintenance.ts";
import { gateInternals } from "../../../src/gate/internals.ts";
import { createGate, type Gate } from "../../../src/gate.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import { testGate } from "../../support/closed-gate.ts";

const KEY = "a key that signs cookies, and is long enough";

describe("the gate of an application", () => {
  test("has the members that an application uses, and no others", () => {
    const gate = createGate({ store: memoryStore() });
    expect(Object.keys(gate)).toEqual([
      "start",
      "ready",
      "status",
      "mode",
      "isClosed",
      "refresh",
      "subscribe",
      "counters",
      "hold",
      "whenOpen",
      "readiness",
      "close",
    ]);
  });

  test("shows no configured key in logs or JSON, and neither does the adapter gate", () => {
    const gate = createGate({ store: memoryStore(), keys: [KEY] });
    const inside = adapterGate(gate);
    expect(inside.options.keys).toEqual([KEY]);
    for (const side of [gate, inside]) {
      expect(JSON.stringify(side)).not.toContain(KEY);
      expect(inspect(side, { depth: 20 })).not.toContain(KEY);
      expect(JSON.stringify({ ...side })).not.toContain(KEY);
    }
    expect(inspect(gate, { depth: 20, showHidden: true })).not.toContain(KEY);
  });

  test("is closed at the end of a block by `await using`", async () => {
    const store = memoryStore();
    let gate: Gate;
    {
      await using own = createGate({ store });
      gate = own;
      await gate.ready();
      expect(gate.status().state).not.toBe("closed");
    }
    expect(gate.status().state).toBe("closed");
  });
});

describe("adapterGate", () => {
  test("returns one object, which follows each change of the state and of the options", async () => {
    const { gate, close, open } = await testGate();
    const inside = adapterGate(gate);
    expect(adapterGate(gate)).toBe(inside);
    expect(adapterGate(inside)).toBe(inside);
    const all = gateInternals(gate);
    expect(inside.snapshot.passAll).toBe(true);
    await close();
    expect(inside.snapshot).toMatchObject({ passAll: false, version: 1 });
    await open();
    expect(inside.snapshot).toMatchObject({ passAll: true, version: 2 });
    inside.addOperatorPaths(["/ops/*"]);
    expect(all.options.operatorPaths.map(({ pattern }) => pattern)).toEqual(["/ops/*"]);
  });

  test.each([
    ["undefined", undefined],
    ["null", null],
    ["'closed'", "closed"],
    ["an object", {}],
    ["a function", () => {}],
    // A copy lacks the properties that are not enumerable.
    ["an object", { ...createGate({ store: memoryStore() }) }],
  ])("refuses %s, and says what to pass", (name, gate) => {
    expect(() => adapterGate(gate as Gate)).toThrow(
      expect.objectContaining({
        code: "ERR_INVALID_OPTION",
        message: `adapterGate: ${name} is not a gate.`,
        hint: "Pass the object that createGate(options) has returned, not a copy of it.",
      }),
    );
  });

  test("every function that needs an adapter gate refuses an object with only the members of a gate", async () => {
    const own = { ...createGate({ store: memoryStore() }) };
    const refused = expect.objectContaining({ code: "ERR_INVALID_OPTION" });
    expect(() => guard(createServer(), own)).toThrow(refused);
    expect(() => expressMaintenance(own)).toThrow(refused);
    expect(() => fetchMaintenance(own, () => new Response())).toThrow(refused);
    expect(() => createAdmin({ gate: own, controller: createController({ store: memoryStore() }) })).toThrow(refused);
    await expect(openMaintenanceScope(own, { sites: "*" })).rejects.toThrow(refused);
  });
});

describe("decideRequest", () => {
  test("returns null for a request that an adapter in front has allowed", async () => {
    const { gate, close } = await testGate({ exempt: { paths: ["/open"] } });
    await close();
    const inside = adapterGate(gate);
    const request = new Request("http://a.example/open");
    const facts = fetchFacts(inside, request);
    expect(await decideRequest(inside, facts, request)).toMatchObject({ outcome: "allow", bypass: true });
    expect(await decideRequest(inside, facts, request)).toBe(null);
    const blocked = new Request("http://a.example/");
    expect(await decideRequest(inside, fetchFacts(inside, blocked), blocked)).toMatchObject({ outcome: "block" });
  });
});

describe("a second copy of the package", () => {
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  let folder: string;

  afterEach(() => rm(folder, { recursive: true }));

  test("has gates that the adapters, the admin and the scopes of this copy accept", async () => {
    folder = await mkdtemp(join(tmpdir(), "second-copy-"));
    await cp(join(root, "dist"), join(folder, "dist"), { recursive: true });
    await cp(join(root, "package.json"), join(folder, "package.json"));
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    const other: typeof import("../../../src/index.ts") = await import(join(folder, "dist/index.js"));
    expect(other.createGate).not.toBe(createGate);

    const options = { store: memoryStore() };
    const gate = other.createGate(options);
    const app = fetchMaintenance(gate, () => new Response("app"));
    const status = async (): Promise<number> => (await app(new Request("http://a.example/"))).status;
    await gate.ready();
    expect(await status()).toBe(200);
    const scope = await openMaintenanceScope(gate, { sites: "*" });
    expect(await status()).toBe(503);
    await scope.end();
    expect(await status()).toBe(200);
    createAdmin({ gate, controller: createController(options) }).close();
    expect(() => guard(createServer(), gate)).not.toThrow();
    await gate.close();
  });
});
