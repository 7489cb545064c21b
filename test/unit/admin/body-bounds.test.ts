import { afterEach, beforeEach, expect, test } from "vitest";
import { type AdminUnderTest, adminUnderTest } from "./admin-under-test.ts";

let under: AdminUnderTest;

beforeEach(() => {
  under = adminUnderTest();
  under.access.add("viewer", ["view"]);
  under.access.add("shopkeeper", ["switch", "edit"], ["shop"]);
});

afterEach(() => under.close());

/** Each another, as costly as one may be. */
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
        type: "put-back",
        records: paths.map((path) => ({ site: "shop", left: { paths: [path] }, found: {} })),
      },
    }),
  ],
])("%s with many costly expressions is refused with the number, and they are not compiled", async (line, body) => {
  const refused = await under.ask(line, body(expressions(20)), { "x-user": "shopkeeper", "if-match": '"0"' });
  expect([refused.status, refused.json.detail]).toEqual([422, expect.stringContaining("more than 4000 instructions")]);
});

test("whoever lacks the right hears that, and not what is wrong with the rest", async () => {
  for (const line of ["POST close", "POST open"]) {
    const { status } = await under.ask(line, { sites: ["shop"], paths: ["re:("], x: 1 }, { "x-user": "viewer" });
    expect(status).toBe(403);
  }
  const { status } = await under.ask("PATCH sites/blog", "{", { "x-user": "shopkeeper", "if-match": '"0"' });
  expect(status).toBe(403);
});
