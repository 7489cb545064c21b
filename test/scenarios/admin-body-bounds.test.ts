import { afterEach, beforeEach, expect, test } from "vitest";
import { countCalls } from "../support/count-calls.ts";
import { type AdminUnderTest, adminUnderTest } from "../unit/admin/admin-under-test.ts";

let under: AdminUnderTest;

beforeEach(() => {
  under = adminUnderTest();
  under.access.add("viewer", ["view"]);
  under.access.add("shopkeeper", ["switch", "edit"], ["shop"]);
});

afterEach(() => under.close());

/** Returns distinct expressions, each as costly as allowed. */
function expressions(count: number): readonly string[] {
  return Array.from({ length: count }, (_, place) => `re:^/${place}/(.{1,200}a.{1,200})$`);
}

test.each([
  ["POST close", (paths: readonly string[]) => ({ sites: ["shop"], paths })],
  ["POST close", (paths: readonly string[]) => ({ sites: ["shop"], exempt: { paths } })],
  ["POST sites/shop/exemptions", (paths: readonly string[]) => ({ paths })],
  ["PATCH sites/shop", (paths: readonly string[]) => ({ paths })],
  ["POST commands", (paths: readonly string[]) => ({ command: { type: "close", sites: ["shop"], paths } })],
  [
    "POST commands",
    (paths: readonly string[]) => ({
      command: {
        type: "restore",
        records: paths.map((path) => ({ site: "shop", left: { paths: [path] }, found: {} })),
      },
    }),
  ],
])("%s with many costly expressions is refused with the number, before they are compiled", async (line, body) => {
  const refused = await under.ask(line, body(expressions(20)), { "x-user": "shopkeeper", "if-match": '"0"' });
  expect([refused.status, refused.json.detail]).toEqual([422, expect.stringContaining("more than 4000 instructions")]);
  const limited = await under.ask(line, body(expressions(2)), { "x-user": "shopkeeper", "if-match": '"0"' });
  expect([limited.status, limited.json.detail]).toEqual([422, expect.stringContaining("more than 500 instructions")]);
});

test("a caller without the right is refused for that reason, whatever the body", async () => {
  for (const line of ["POST close", "POST open"]) {
    const { status } = await under.ask(line, { sites: ["shop"], paths: ["re:("], x: 1 }, { "x-user": "viewer" });
    expect(status).toBe(403);
  }
  const { status } = await under.ask("PATCH sites/blog", "{", { "x-user": "shopkeeper", "if-match": '"0"' });
  expect(status).toBe(403);
});

test.each([
  [
    "POST sites/shop/exemptions",
    (items: readonly number[]) => ({ addresses: items.map((n) => `10.0.${n >> 8}.${n & 255}`) }),
  ],
  ["POST sites/shop/exemptions", (items: readonly number[]) => ({ paths: items.map((n) => `/${n}`) })],
  ["PATCH sites/shop", (items: readonly number[]) => ({ exemptions: { paths: items.map((n) => `/${n}`) } })],
  ["POST close", (items: readonly number[]) => ({ sites: ["shop"], paths: items.map((n) => `/${n}`) })],
  [
    "POST explain",
    (items: readonly number[]) => ({ url: "/", headers: Object.fromEntries(items.map((n) => [`x${n}`, ""])) }),
  ],
])("%s accepts lists up to a limit, and refuses longer ones with the number", async (line, body) => {
  const items = Array.from({ length: 1_001 }, (_, place) => place);
  const refused = await under.ask(line, body(items), { "if-match": '"0"' });
  expect([refused.status, refused.json.detail]).toEqual([
    422,
    expect.stringContaining("1001 items, and may have 1000"),
  ]);
  expect((await under.ask(line, body(items.slice(1)), { "if-match": '"0"' })).status).toBe(200);
});

test.each([
  ["lists", "[]"],
  ["objects", "{}"],
  ["texts", '""'],
])(
  "a body of the maximum size that contains only %s is refused with the number, before the rest is read",
  async (_what, piece) => {
    const body = `{"sites":["shop"],"paths":[${`${piece},`.repeat(80_000)}${piece}]}`;
    const calls = await countCalls(async () => {
      const { status, json } = await under.ask("POST close", body);
      expect([status, json.detail]).toEqual([422, expect.stringContaining("more than 30000 texts, lists and objects")]);
    });
    expect(calls.total).toBeLessThan(150_000);
  },
);

test("a site that a scope names many times is not read that many times", async () => {
  const paths = expressions(1);
  await under.ask("POST close", { sites: ["shop"], paths });
  const records = Array.from({ length: 900 }, () => ({ site: "shop", left: {}, found: {} }));
  const calls = await countCalls(async () => {
    const { status } = await under.ask(
      "POST commands",
      { command: { type: "restore", records } },
      { "x-user": "shopkeeper" },
    );
    expect(status).toBe(422);
  });
  expect(calls.of("rules/expression-cost.ts#expressionCost")).toBeLessThan(10);
});
