import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sqliteStore } from "../../src/stores/sqlite.ts";
import { BY, type GateUnderTest, gateUnderTest } from "../support/gate-under-test.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "maintenance-"));
  path = join(folder, "state.db");
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Edits the database as an operator would, without the program. */
function sql(statement: string): void {
  const database = new DatabaseSync(path);
  database.exec(statement);
  database.close();
}

function over(options: Parameters<typeof gateUnderTest>[0] = {}): GateUnderTest {
  return gateUnderTest({ sites: { shop: {}, blog: {} }, store: sqliteStore({ path }), ...options });
}

async function closeBoth({ controller }: GateUnderTest): Promise<void> {
  await controller.execute({ type: "close", sites: ["shop"] }, BY);
  await controller.execute({ type: "close", sites: ["blog"] }, BY);
}

test("a damaged record is refused and reported, and the others stay valid", async () => {
  await closeBoth(over());
  sql(`update maintenance_sites set text = '{ "mode": "shut" }' where id = 'shop'`);
  const { gate, log } = over();
  const status = await gate.ready();
  expect(status).toMatchObject({
    state: "live",
    error: { code: "ERR_STATE_UNREADABLE", message: expect.stringContaining("A record cannot be read") },
    unreadable: [{ site: "shop", code: "ERR_STATE_UNREADABLE" }],
  });
  expect(status.unreadable[0]?.message).toContain("mode");
  expect(log.filter((line) => line.includes("The other records still apply."))).toHaveLength(1);
  expect(gate.mode("blog")).toBe("closed");
  await gate.close();
});

test.each(["'x'", "-3", "1.5"])("a record with the version %s is refused in the same way", async (version) => {
  await closeBoth(over());
  sql(`update maintenance_sites set version = ${version} where id = 'shop'`);
  const { gate, controller } = over();
  const status = await gate.ready();
  expect(status.unreadable.map(({ site }) => site)).toEqual(["shop"]);
  expect(status.unreadable[0]?.message).toContain(`version '${version === "'x'" ? "NaN" : version}' is not a version`);
  await expect(controller.execute({ type: "open", sites: ["shop"] }, BY)).rejects.toMatchObject({
    code: "ERR_STATE_UNREADABLE",
  });
  await controller.execute({ type: "open", sites: ["blog"] }, BY);
  await gate.close();
});

test("a damaged entry of the log costs a reload, and no more", async () => {
  const under = over();
  const { gate, controller } = under;
  await gate.ready();
  await closeBoth(under);
  sql("update maintenance_changes set at = 'yesterday' where version = 2");
  expect(await gate.refresh()).toMatchObject({ error: null, version: 2 });
  expect(gate.mode("blog")).toBe("closed");
  await expect(controller.history()).rejects.toMatchObject({
    code: "ERR_STATE_UNREADABLE",
    message: expect.stringContaining("The change 2: 'yesterday'"),
  });
  await gate.close();
});

test("a state with an invalid version is refused", async () => {
  await closeBoth(over());
  sql("update maintenance_state set version = 'x'");
  const { gate } = over({ startTimeout: 0 });
  expect(await gate.ready()).toMatchObject({ state: "stale", error: { code: "ERR_STATE_UNREADABLE" } });
  await gate.close();
});

test("the last readable version of a record applies until it is fixed", async () => {
  const under = over();
  const { gate, controller } = under;
  await closeBoth(under);
  await gate.ready();
  sql(`update maintenance_sites set text = 'nonsense' where id = 'shop'`);
  // Another stamp, as after a restored backup: the gate reads the whole state again.
  for (const table of ["state", "changes"]) sql(`update maintenance_${table} set stamp = 'restored'`);
  await gate.refresh();
  expect(gate.mode("shop")).toBe("closed");
  expect(gate.status().unreadable.map(({ site }) => site)).toEqual(["shop"]);
  await expect(controller.execute({ type: "open", sites: ["shop"] }, BY)).rejects.toMatchObject({
    code: "ERR_STATE_UNREADABLE",
  });
  await controller.execute({ type: "open", sites: ["blog"] }, BY);
  await gate.refresh();
  expect(gate.mode("blog")).toBe("open");
  await gate.close();
});

test.each(["open", "closed"] as const)(
  "a site whose record could never be read is closed, whatever whenNeverLoaded is: %s",
  async (policy) => {
    await closeBoth(over());
    sql(`update maintenance_sites set text = 'nonsense' where id = 'shop'`);
    const { gate } = over({ whenNeverLoaded: policy });
    await gate.ready();
    expect(gate.mode("shop")).toBe("closed");
    await gate.close();
  },
);

test.each([
  ["a text cut short", (text: string) => text.slice(0, -3), { "shop.example": false, "docs.example": true }],
  [
    "a format of a later release",
    (text: string) => text.replace("{", '{"format":2,'),
    { "shop.example": false, "docs.example": true },
  ],
  [
    "a text in which one host of several cannot be read",
    (text: string) => text.replace('"shop.example"', '"shop.example","sh op.example"').replace("{", '{"mode":"shut",'),
    { "shop.example": false, "docs.example": true, "other.example": false },
  ],
  [
    "a text without any host",
    () => "nonsense",
    { "shop.example": false, "docs.example": true, "other.example": false },
  ],
])("the hosts of an added site are closed with it, although its record is %s", async (_what, damage, hosts) => {
  const { controller } = over();
  await controller.execute({ type: "add-site", site: "added", hosts: ["shop.example"] }, BY);
  await controller.execute({ type: "add-site", site: "docs", hosts: ["docs.example"] }, BY);
  const database = new DatabaseSync(path);
  const text = String(database.prepare("select text from maintenance_sites where id = 'added'").get()?.text);
  database.prepare("update maintenance_sites set text = ? where id = 'added'").run(damage(text));
  database.close();
  const { gate, passes } = over();
  await gate.ready();
  for (const [host, isOpen] of Object.entries(hosts)) expect([host, passes({ host })]).toEqual([host, isOpen]);
  await gate.close();
});

test("a database that is suddenly empty opens nothing, and the next switch begins a new state", async () => {
  const under = over();
  const { gate, controller } = under;
  await closeBoth(under);
  await gate.ready();
  for (const table of ["state", "sites", "changes", "change_records"]) sql(`delete from maintenance_${table}`);
  expect(await gate.refresh()).toMatchObject({ state: "stale", error: { code: "ERR_STATE_UNREADABLE" } });
  expect(gate.mode("shop")).toBe("closed");
  await controller.execute({ type: "close", sites: ["blog"], mode: "read-only" }, BY);
  expect(await gate.refresh()).toMatchObject({ state: "live", error: null, version: 1 });
  expect([gate.mode("shop"), gate.mode("blog")]).toEqual(["open", "read-only"]);
  await gate.close();
});

test("a command reads the sites that it names, and all sites only if it must", async () => {
  const under = over();
  const { controller, store } = under;
  await closeBoth(under);
  const asked: (readonly string[] | undefined)[] = [];
  const spying = over({
    store: {
      ...store,
      load(options) {
        asked.push(options?.sites);
        return store.load(options);
      },
    },
  });
  await spying.controller.execute({ type: "open", sites: ["shop"] }, BY);
  await spying.controller.execute({ type: "add-site", site: "docs", hosts: ["docs.example"] }, BY);
  await expect(spying.controller.execute({ type: "open", sites: ["blgo"] }, BY)).rejects.toMatchObject({
    hint: "Did you mean 'blog'?",
  });
  expect(asked).toEqual([["shop", "*"], undefined, ["blgo", "*"], undefined]);
  await controller.dispose();
});
