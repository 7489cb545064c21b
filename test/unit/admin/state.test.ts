import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { optionsOf } from "../../../src/admin/remote/options.ts";
import { normalizeOptions } from "../../../src/config/normalize-options.ts";
import type { MaintenanceOptions } from "../../../src/config/options.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import type { Store } from "../../../src/stores/store.ts";
import { type AdminUnderTest, type Answer, adminUnderTest } from "./admin-under-test.ts";

const OPTIONS: MaintenanceOptions = {
  sites: { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } },
  groups: ["payments-db"],
  operatorPaths: ["/ops"],
  exempt: {
    paths: ["/a", { pattern: "/probe", description: "health probes" }, "/b"],
    healthPaths: ["/up"],
    adminPaths: ["/login"],
    wellKnownPaths: ["/robots.txt"],
    addresses: [{ range: "10.0.0.0/8", description: "office" }, "192.0.2.7"],
    methods: ["options"],
    users: { staff: true },
  },
  readOnly: { reads: ["/search"], writes: ["/unsubscribe"] },
  statusCode: 504,
  redirect: "/down",
  ignoreCase: true,
  keys: ["0123456789abcdef0123456789abcdef"],
};
const BY = { kind: "program", label: "test" } as const;

let under: AdminUnderTest;

beforeEach(async () => {
  under = adminUnderTest(OPTIONS);
  await under.controller.execute({ type: "close", sites: ["shop"], message: "Shop's plans" }, BY);
  await under.controller.execute({ type: "close", sites: ["blog"], message: "Blog's plans" }, BY);
  await under.controller.links.create({ site: "*", label: "QA", by: BY });
  await under.controller.tokens.create({ name: "ci", may: ["view"], by: BY });
  await under.controller.execute({ type: "close", message: "All is closed", reason: "our reason" }, BY);
  under.access.add("shopkeeper", ["view"], ["shop"]);
  under.access.add("viewer", ["view"]);
});

afterEach(() => under.close());

async function ask(line: string, who = "root"): Promise<Answer> {
  return await under.ask(line, undefined, { "x-user": who });
}

function idsIn({ json }: Answer): readonly string[] {
  return json.records.map(({ id }: { id: string }) => id).sort();
}

async function secrets(): Promise<readonly string[]> {
  const all = (await under.controller.state()).records.get("*");
  return [...(all?.links ?? []), ...(all?.access.tokens ?? [])].flatMap((it) =>
    "key" in it ? [it.hash, it.key] : [it.hash],
  );
}

describe("the state", () => {
  test("is that of the store, without secrets", async () => {
    const answer = await ask("GET state");
    const { lineage, version } = await under.controller.state();
    expect(answer.json).toMatchObject({ lineage, version, store: under.store.name, unreadable: [] });
    expect(idsIn(answer)).toEqual(["*", "blog", "shop"]);
    const all = await secrets();
    expect(all).toHaveLength(3);
    expect([...all, ...(OPTIONS.keys ?? [])].filter((secret) => answer.text.includes(secret))).toEqual([]);
  });

  test("has tokens only for callers with the right to change access", async () => {
    expect((await ask("GET state")).text).toContain('\\"ci\\"');
    expect((await ask("GET state", "viewer")).text).not.toContain('\\"ci\\"');
  });

  test("has the sites that the caller may view, and for `*` and groups their effect on visitors", async () => {
    const answer = await ask("GET state", "shopkeeper");
    expect(idsIn(answer)).toEqual(["*", "shop"]);
    expect(answer.text).toContain("All is closed");
    expect(answer.text).not.toMatch(/Blog's plans|blog\.example|QA|our reason/);
    expect(idsIn(await ask("GET state?site=blog&site=shop", "shopkeeper"))).toEqual(["*", "shop"]);
    under.access.add("visitor", []);
    expect(idsIn(await ask("GET state", "visitor"))).toEqual(["*"]);
  });

  test("returns one site, or several", async () => {
    expect(idsIn(await ask("GET state?site=shop"))).toEqual(["*", "shop"]);
    expect(idsIn(await ask("GET state?site=nowhere"))).toEqual(["*"]);
    expect((await ask("GET state?site=NO")).status).toBe(422);
  });

  test("has the options that follow from the configuration", async () => {
    const { json } = await ask("GET state");
    const { sites, groups, exempt, readOnly, response, ignoreCase, ...rest } = normalizeOptions(
      optionsOf(json.configuration),
      {},
    );
    const own = under.gate.options;
    expect({ sites, groups, exempt, readOnly, ignoreCase }).toEqual({
      sites: own.sites,
      groups: own.groups,
      exempt: own.exempt,
      readOnly: own.readOnly,
      ignoreCase: own.ignoreCase,
    });
    expect(json.configuration.exempt.paths).toEqual([
      { pattern: "/a", description: "" },
      { pattern: "/probe", description: "health probes" },
      { pattern: "/b", description: "" },
    ]);
    expect(response).toMatchObject({ status: 504, redirect: "/down" });
    expect(rest.operatorPaths.map(({ pattern }) => pattern)).toEqual(["/ops", "/maintenance", "/maintenance/*"]);
  });

  test("reports a function for users, and where an override is set", async () => {
    await under.close();
    under = adminUnderTest({ exempt: { users: () => true }, override: "on" });
    const { configuration } = (await ask("GET state")).json;
    expect(configuration).toMatchObject({ exempt: { users: "function" }, override: { mode: "closed" } });
    expect(normalizeOptions(optionsOf(configuration), {}).exempt.users?.predicate?.({})).toBe(false);
  });

  test("names a record that cannot be read, without its content", async () => {
    await under.close();
    const inner = memoryStore();
    const store: Store = {
      ...inner,
      capabilities: { ...inner.capabilities, separateRecords: true },
      async load(options) {
        const document = await inner.load(options);
        return { ...document, records: [{ id: "shop", version: 1, text: '{"links":"a secret"}' }] };
      },
    };
    under = adminUnderTest({ ...OPTIONS, store });
    const { json, text } = await ask("GET state");
    expect(json).toMatchObject({ records: [], unreadable: ["shop"] });
    expect(text).not.toContain("a secret");
    under.access.add("bloggers", ["view"], ["blog"]);
    expect((await ask("GET state", "bloggers")).json).toMatchObject({ unreadable: [] });
  });
});

describe("the changes", () => {
  test("are newest first, in pages, without secrets", async () => {
    const { json, text } = await ask("GET changes?limit=2");
    expect(json.changes.map(({ command }: { command: string }) => command)).toEqual(["close", "add-token"]);
    expect(json.next).toBe(4);
    const rest = await ask(`GET changes?before=${json.next}`);
    expect(rest.json.changes.map(({ version }: { version: number }) => version)).toEqual([3, 2, 1]);
    expect(rest.json.next).toBeNull();
    expect((await secrets()).filter((secret) => (text + rest.text).includes(secret))).toEqual([]);
  });

  test("are those of the sites that the caller may view", async () => {
    const { json, text } = await ask("GET changes", "shopkeeper");
    expect(json.changes.map(({ version }: { version: number }) => version)).toEqual([1]);
    expect(text).not.toMatch(/Blog's plans|our reason/);
    expect((await ask("GET changes?site=blog", "shopkeeper")).status).toBe(403);
    expect((await ask("GET changes?site=blog")).json.changes).toHaveLength(1);
    expect((await ask("GET changes?limit=0")).status).toBe(422);
  });
});
