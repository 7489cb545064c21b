import { afterEach, describe, expect, test } from "vitest";
import { RIGHTS } from "../../../../src/state/access-token.ts";
import { memoryStore } from "../../../../src/stores/memory.ts";
import { chaosStore } from "../../../../src/testing/doubles/chaos-store.ts";
import { type AccessUnderTest, accessUnderTest, asks, BY, PASSWORD, SAME_ORIGIN, signIn } from "./access-under-test.ts";

let it: AccessUnderTest;
afterEach(() => it.close());

describe("with nothing configured and nothing stored", () => {
  test("refuses every request, and says what to set", async () => {
    it = await accessUnderTest();
    expect(it.access.ways).toEqual({ application: false, tokens: false, password: false });
    for (const setting of ["token create", "password", "authorize"]) expect(it.access.advice).toContain(setting);
    for (const method of ["GET", "POST"]) {
      const answer = await it.access.identify(asks(method, SAME_ORIGIN));
      expect(answer).toMatchObject({ outcome: "refused", status: 401, error: { code: "ERR_UNAUTHENTICATED" } });
      expect(answer.outcome === "refused" && answer.error.hint).toBe(it.access.advice);
    }
    expect(await it.access.signIn(asks("POST", SAME_ORIGIN), "")).toMatchObject({ outcome: "refused", status: 401 });
    expect(await it.access.signIn(asks("POST", SAME_ORIGIN), "undefined")).toMatchObject({ outcome: "refused" });
    expect(await it.access.signOut(asks("DELETE", SAME_ORIGIN))).toEqual([]);
  });

  test("accepts the first token once it is created", async () => {
    it = await accessUnderTest();
    const { token } = await it.controller.tokens.create({ name: "ci", may: ["view"], by: BY });
    await it.gate.refresh();
    expect(it.access.ways).toEqual({ application: false, tokens: true, password: false });
    expect(it.access.advice).toBeNull();
    expect(await it.access.identify(asks("GET", { authorization: `Bearer ${token}` }))).toMatchObject({
      outcome: "known",
    });
  });
});

test("a token takes precedence over a session, and a session over the application", async () => {
  it = await accessUnderTest({ password: PASSWORD, authorize: () => ({ name: "ada", may: RIGHTS }) });
  const { token } = await it.controller.tokens.create({ name: "ci", may: ["view"], by: BY });
  await it.gate.refresh();
  const cookie = await signIn(it);
  const [authorization, via] = [`Bearer ${token}`, (name: string, way: string) => ({ principal: { name, via: way } })];
  expect(await it.access.identify(asks("GET", { authorization, cookie }))).toMatchObject(via("ci", "token"));
  expect(await it.access.identify(asks("GET", { cookie }))).toMatchObject(via("admin", "session"));
  expect(await it.access.identify(asks("GET"))).toMatchObject(via("ada", "application"));
  expect(it.access.ways).toEqual({ application: true, tokens: true, password: true });
});

test("a valid cookie does not replace a refused token", async () => {
  it = await accessUnderTest({ password: PASSWORD });
  const cookie = await signIn(it);
  const headers = { authorization: "Bearer mm_wrong", cookie, ...SAME_ORIGIN };
  expect(await it.access.identify(asks("POST", headers))).toMatchObject({ outcome: "refused", status: 401 });
});

describe("while the state was never loaded", () => {
  async function withoutStore(settings: Parameters<typeof accessUnderTest>[0]): Promise<AccessUnderTest> {
    const store = chaosStore(memoryStore());
    store.inject("fail");
    const under = await accessUnderTest(settings, { store, keys: ["k".repeat(32)], startTimeout: 100 });
    await expect.poll(() => under.gate.status().error).not.toBeNull();
    return under;
  }

  test("accepts no token and no session, and says why", async () => {
    it = await withoutStore({ password: PASSWORD });
    expect(await it.access.signIn(asks("POST", SAME_ORIGIN), PASSWORD)).toMatchObject({
      outcome: "refused",
      status: 503,
      error: { code: "ERR_STORE_UNAVAILABLE" },
    });
    expect(await it.access.identify(asks("GET", { authorization: "Bearer mm_x" }))).toMatchObject({ status: 503 });
    expect(await it.access.identify(asks("GET"))).toMatchObject({ status: 401 });
  });

  test("admits the application's own users, and names the store if there is no other way in", async () => {
    it = await withoutStore({ authorize: () => ({ name: "ada", may: ["view"] }) });
    expect(await it.access.identify(asks("GET"))).toMatchObject({ outcome: "known" });
    await it.close();
    it = await withoutStore({});
    expect(it.access.advice).toContain("store");
  });
});

test("every refusal is logged on one line, with who, where and why, and without a secret", async () => {
  it = await accessUnderTest({ password: PASSWORD, authorize: () => null });
  const cookie = await signIn(it);
  await it.access.identify(asks("GET", { authorization: "Bearer mm_secret-guess" }, { address: "192.0.2.7" }));
  await it.access.identify(
    asks("GET", {}, { url: "https://admin.example/m/api?maintenance-access=SECRET", address: undefined }),
  );
  await it.access.identify(asks("DELETE", { cookie, origin: "https://evil.example" }));
  await it.access.signIn(asks("POST", SAME_ORIGIN), "secret wrong password");
  expect(it.log.slice(1)).toEqual([
    "warn: The admin refused GET /maintenance/api/v1/sites to 192.0.2.7, with 401: The token is wrong, or was revoked.",
    "info: The admin refused GET /m/api to an unknown address, with 401: You are not signed in.",
    "warn: The admin refused DELETE /maintenance/api/v1/sites to admin, 192.0.2.1, with 403: The change does not come from the admin's own pages.",
    "warn: The admin refused POST /maintenance/api/v1/sites to an unknown user, 192.0.2.1, with 401: The password is wrong.",
  ]);
  expect(it.log.join()).not.toMatch(/secret|SECRET/);
});

test.each([
  [{ password: "too short" }, /has 9 characters/],
  [{ password: "" }, /has 0 characters/],
  [{ password: PASSWORD, passwordHash: "x" }, /both given/],
  [{ passwordHash: "$2b$10$abcdefghijklmnopqrstuv" }, /not a hash/],
  [{ origin: "admin.example" }, /not an origin/],
])("refuses %j at the start, and shows no secret of it", async (settings, message) => {
  it = await accessUnderTest();
  const refused = await accessUnderTest(settings).then(
    () => null,
    (error: unknown) => error,
  );
  expect(refused).toMatchObject({ code: "ERR_INVALID_OPTION", message: expect.stringMatching(message) });
  expect(String(refused)).not.toMatch(/too short|correct horse|abcdef/);
});
