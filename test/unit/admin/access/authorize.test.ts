import { afterEach, describe, expect, test } from "vitest";
import type { Authorize } from "../../../../src/admin/access/authorize.ts";
import { RIGHTS, type Right } from "../../../../src/state/access-token.ts";
import { type AccessUnderTest, accessUnderTest, asks, SAME_ORIGIN } from "./access-under-test.ts";

let it: AccessUnderTest;
afterEach(() => it.close());

async function answered(authorize: unknown) {
  it = await accessUnderTest({ authorize: authorize as Authorize });
  return await it.access.identify(asks());
}

test.each([[null], [false]])("%s means an unknown user, which is not an error", async (value) => {
  expect(await answered(() => value)).toMatchObject({ status: 401, error: { message: "You are not signed in." } });
  expect(it.log).toEqual([expect.stringMatching(/^info: /)]);
});

test.each<[unknown, RegExp]>([
  [undefined, /found undefined/],
  [true, /found true/],
  ["ada", /found 'ada'/],
  [{}, /name|may/],
  [{ name: "ada" }, /may/],
  [{ name: "", may: RIGHTS }, /name: expected a name/],
  [{ name: "a\nb", may: RIGHTS }, /name: expected a name/],
  [{ name: 5, may: RIGHTS }, /name/],
  [{ name: "ada", may: "view" }, /may: expected a function, or a list of view/],
  [{ name: "ada", may: true }, /may/],
  [{ name: "ada", may: ["view", "everything"] }, /may/],
  [{ name: "ada", may: RIGHTS, sites: "shop" }, /sites/],
  [{ name: "ada", may: RIGHTS, sites: null }, /sites/],
  [{ name: "ada", may: RIGHTS, sites: undefined }, /sites/],
  [{ name: "ada", may: RIGHTS, sites: ["Shop"] }, /sites\[0\]: 'Shop'/],
  [{ name: "ada", may: RIGHTS, site: "shop" }, /unknown member 'site'/],
  [new Response(), /name|may|has no/],
])("%j refuses the request, and is logged", async (value, message) => {
  expect(await answered(async () => value)).toMatchObject({
    outcome: "refused",
    status: 401,
    error: { code: "ERR_UNAUTHENTICATED", message: "The application could not identify the caller." },
  });
  expect(it.log[0]).toMatch(/^error: The admin's option 'authorize' failed/);
  expect(it.log[0]).toMatch(message);
});

test.each([
  [
    "throws",
    () => {
      throw new Error("no database");
    },
  ],
  ["rejects", () => Promise.reject(new Error("no database"))],
  [
    "throws what is no error",
    () => {
      throw undefined;
    },
  ],
])("a function that %s refuses the request, and is logged", async (_, authorize) => {
  expect(await answered(authorize)).toMatchObject({ outcome: "refused", status: 401 });
  expect(it.log.map((line) => line.split(":")[0])).toEqual(["error", "info"]);
});

test("authorize gets the unchanged request", async () => {
  it = await accessUnderTest({
    authorize: ({ headers, url }) =>
      headers.get("x-user") === "ada" && url.includes("/maintenance/") ? { name: "ada", may: ["view"] } : null,
  });
  expect(await it.access.identify(asks("GET", { "x-user": "ada" }))).toMatchObject({
    principal: { name: "ada", via: "application" },
  });
  expect(await it.access.identify(asks("GET", { "x-user": "eve" }))).toMatchObject({ outcome: "refused" });
});

describe("the rights of a user", () => {
  async function rightsOf(authorize: Authorize): Promise<(right: Right, site: string) => boolean> {
    const answer = await answered(authorize);
    if (answer.outcome === "refused") throw answer.error;
    return answer.principal.may;
  }

  test("are a list, for every site or for some; everything (*) is a site of its own", async () => {
    const everywhere = await rightsOf(() => ({ name: "ada", may: ["switch"] }));
    expect([everywhere("switch", "*"), everywhere("switch", "shop"), everywhere("edit", "shop")]).toEqual([
      true,
      true,
      false,
    ]);
    await it.close();
    const shop = await rightsOf(() => ({ name: "ada", may: ["switch"], sites: ["shop"] }));
    expect([shop("switch", "shop"), shop("switch", "*"), shop("switch", "blog")]).toEqual([true, false, false]);
    await it.close();
    const nowhere = await rightsOf(() => ({ name: "ada", may: RIGHTS, sites: [] }));
    expect([nowhere("view", "*"), nowhere("view", "shop")]).toEqual([false, false]);
  });

  test("are a function, where only `true` grants the right", async () => {
    const answers: Record<string, () => unknown> = {
      yes: () => true,
      no: () => false,
      one: () => 1,
      promise: () => Promise.resolve(true),
      rejection: () => Promise.reject(new Error("late")),
      nothing: () => undefined,
      fault: () => {
        throw new Error("no database");
      },
    };
    const may = await rightsOf(() => ({ name: "ada", may: (_right, site) => answers[site]?.() as boolean }));
    expect(Object.keys(answers).filter((site) => may("view", site))).toEqual(["yes"]);
    expect(it.log).toHaveLength(5);
  });

  test("a function is not called for sites outside of `sites`", async () => {
    const may = await rightsOf(() => ({ name: "ada", may: () => true, sites: ["shop"] }));
    expect([may("edit", "shop"), may("edit", "blog"), may("edit", "*")]).toEqual([true, false, false]);
  });
});

test("an unknown bearer token is left to the application, and its change must still come from the same origin", async () => {
  it = await accessUnderTest({
    authorize: ({ headers }) =>
      headers.get("authorization") === "Bearer jwt.of.theirs" ? { name: "ada", may: ["view"] } : null,
  });
  const headers = { authorization: "Bearer jwt.of.theirs" };
  expect(await it.access.identify(asks("GET", headers))).toMatchObject({ principal: { name: "ada" } });
  expect(await it.access.identify(asks("POST", headers))).toMatchObject({ outcome: "refused", status: 403 });
  expect(await it.access.identify(asks("POST", { ...headers, ...SAME_ORIGIN }))).toMatchObject({ outcome: "known" });
  expect(await it.access.identify(asks("GET", { authorization: "Bearer mm_x" }))).toMatchObject({
    error: { message: "The token is wrong, or was revoked." },
  });
});
