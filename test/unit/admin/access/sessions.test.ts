import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Identified } from "../../../../src/admin/access/access.ts";
import { RIGHTS } from "../../../../src/state/access-token.ts";
import { memoryStore } from "../../../../src/stores/memory.ts";
import { chaosStore } from "../../../../src/testing/doubles/chaos-store.ts";
import {
  type AccessUnderTest,
  accessUnderTest,
  asks,
  BY,
  cookieOf,
  PASSWORD,
  SAME_ORIGIN,
  signIn,
} from "./access-under-test.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let it: AccessUnderTest;
beforeEach(async () => {
  it = await accessUnderTest({ password: PASSWORD });
});
afterEach(() => it.close());

async function use(cookie: string, method = "GET"): Promise<Identified> {
  return await it.access.identify(asks(method, { cookie, ...SAME_ORIGIN }));
}

test("a user who signs in has every right everywhere, by a cookie that scripts, other sites and plain http do not get", async () => {
  const answer = await it.access.signIn(asks("POST", SAME_ORIGIN), PASSWORD);
  expect(answer).toMatchObject({ outcome: "known", principal: { name: "admin", via: "session" } });
  const known = await use(cookieOf(answer), "POST");
  if (known.outcome === "refused") throw known.error;
  expect(RIGHTS.every((right) => known.principal.may(right, "*") && known.principal.may(right, "shop"))).toBe(true);
  expect(answer.headers).toEqual([
    [
      "Set-Cookie",
      expect.stringMatching(
        /^__Host-maintenance-admin=[\w~-]+; Path=\/; Max-Age=3600; HttpOnly; Secure; SameSite=Strict$/,
      ),
    ],
  ]);
  expect(JSON.stringify(answer)).not.toContain(PASSWORD);
});

test("plain http is accepted only if the request never leaves the machine", async () => {
  for (const host of ["localhost:3000", "127.0.0.1", "[::1]:80", "shop.localhost"]) {
    const sent = { url: `http://${host}/maintenance/api/v1/session` };
    const answer = await it.access.signIn(asks("POST", SAME_ORIGIN, sent), PASSWORD);
    expect(answer.headers[0]?.[1]).toMatch(
      /^maintenance-admin=[^;]+; Path=\/; Max-Age=3600; HttpOnly; SameSite=Strict$/,
    );
    const cookie = cookieOf(answer);
    expect(await it.access.identify(asks("GET", { cookie }, sent))).toMatchObject({ outcome: "known" });
    // Any other host of the domain can set a cookie whose name has no prefix.
    expect(await it.access.identify(asks("GET", { cookie }))).toMatchObject({ outcome: "refused" });
  }
  for (const host of ["10.0.0.5", "admin.example", "localhost.evil.example", "127.0.0.1.evil.example"]) {
    const answer = await it.access.signIn(asks("POST", SAME_ORIGIN, { url: `http://${host}/` }), PASSWORD);
    expect(answer).toMatchObject({
      outcome: "refused",
      status: 403,
      error: { hint: expect.stringContaining("https") },
    });
  }
});

describe("a session", () => {
  test("ends after an hour without use", async () => {
    const cookie = await signIn(it);
    await it.clock.advance(HOUR - 1_000);
    expect(await use(cookie)).toMatchObject({ outcome: "known" });
    await it.clock.advance(1_000);
    expect(await use(cookie)).toMatchObject({
      outcome: "refused",
      status: 401,
      error: { message: "The session has ended." },
    });
  });

  test("gets another id every quarter of an hour of use, for at most twelve hours", async () => {
    let cookie = await signIn(it);
    const seen = new Set([cookie]);
    await it.clock.advance(15 * MINUTE - 1_000);
    expect((await use(cookie)).headers).toEqual([]);
    await it.clock.advance(1_000);
    for (let quarter = 1; quarter < 48; quarter += 1) {
      const answer = await use(cookie);
      expect(answer).toMatchObject({ outcome: "known", principal: { name: "admin" } });
      cookie = cookieOf(answer);
      expect(seen.has(cookie)).toBe(false);
      seen.add(cookie);
      await it.clock.advance(15 * MINUTE);
    }
    expect(await use(cookie)).toMatchObject({ outcome: "refused", status: 401 });
  });

  test("ends when the user signs out, also for copies of its cookie, old or renewed", async () => {
    const first = await signIn(it);
    await it.clock.advance(15 * MINUTE);
    const second = cookieOf(await use(first));
    const other = await signIn(it);
    expect(await it.access.signOut(asks("DELETE", { cookie: second, ...SAME_ORIGIN }))).toEqual([
      ["Set-Cookie", "__Host-maintenance-admin=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict"],
    ]);
    for (const cookie of [first, second]) expect(await use(cookie)).toMatchObject({ outcome: "refused" });
    expect(await use(other)).toMatchObject({ outcome: "known" });
  });

  test("ends for every process over the store when the user signs out, and for those that start later", async () => {
    const store = memoryStore();
    await it.close();
    it = await accessUnderTest({ password: PASSWORD }, { store });
    const cookie = await signIn(it);
    const other = await accessUnderTest({ password: PASSWORD }, { store });
    expect(await other.access.identify(asks("GET", { cookie }))).toMatchObject({ outcome: "known" });
    await it.access.signOut(asks("DELETE", { cookie, ...SAME_ORIGIN }));
    await other.gate.refresh();
    const later = await accessUnderTest({ password: PASSWORD }, { store });
    for (const one of [it, other, later]) {
      expect(await one.access.identify(asks("GET", { cookie }))).toMatchObject({ outcome: "refused" });
    }
    expect(await it.controller.history()).toMatchObject([{ command: "end-session" }, { command: "begin-sessions" }]);
    await other.close();
    await later.close();
  });

  test("ends in this process if the store does not answer, and the log says that other processes still accept it", async () => {
    const store = chaosStore(memoryStore());
    await it.close();
    it = await accessUnderTest({ password: PASSWORD }, { store });
    const cookie = await signIn(it);
    store.inject("fail");
    expect(await it.access.signOut(asks("DELETE", { cookie, ...SAME_ORIGIN }))).toHaveLength(1);
    expect(await use(cookie)).toMatchObject({ outcome: "refused" });
    expect(it.log.join()).toContain(
      "error: The end of a session could not be stored, so other processes still accept it",
    );
  });

  test("ends with all others, and the next one has another key", async () => {
    const cookies = [await signIn(it), await signIn(it)];
    const key = it.gate.snapshot.all.record.access.sessionKey;
    await it.controller.execute({ type: "end-sessions" }, BY);
    await it.gate.refresh();
    for (const cookie of cookies) expect(await use(cookie, "POST")).toMatchObject({ outcome: "refused" });
    expect(await use(await signIn(it))).toMatchObject({ outcome: "known" });
    expect(it.gate.snapshot.all.record.access.sessionKey).not.toBe(key);
    for (const cookie of cookies) expect(await use(cookie)).toMatchObject({ outcome: "refused" });
  });

  test("does not reuse a session from before signing in", async () => {
    const planted = await signIn(it);
    const answer = await it.access.signIn(asks("POST", { cookie: planted, ...SAME_ORIGIN }), PASSWORD);
    const [old, fresh] = [planted, cookieOf(answer)].map((cookie) => cookie.split("=")[1]?.split("~").slice(0, 2));
    expect(fresh).not.toEqual(expect.arrayContaining(old ?? []));
    const made = "__Host-maintenance-admin=mine";
    expect(cookieOf(await it.access.signIn(asks("POST", { cookie: made, ...SAME_ORIGIN }), PASSWORD))).not.toContain(
      "mine",
    );
    expect(await use(made)).toMatchObject({ outcome: "refused" });
  });
});

describe("the key of sessions", () => {
  test("is stored with the first session, and every process uses it", async () => {
    const store = memoryStore();
    await it.close();
    it = await accessUnderTest({ password: PASSWORD }, { store });
    const other = await accessUnderTest({ password: PASSWORD }, { store });
    const [cookie] = await Promise.all([signIn(it), signIn(other)]);
    expect(await it.controller.history()).toMatchObject([
      { command: "begin-sessions", by: { kind: "admin", label: "admin", from: "192.0.2.1" } },
    ]);
    expect(await other.access.identify(asks("GET", { cookie }))).toMatchObject({ outcome: "known" });
    await other.close();
  });

  test("is that of the configuration if there is one: the first signs, all verify", async () => {
    const [older, newer] = ["o".repeat(32), "n".repeat(32)];
    const store = memoryStore();
    const by = async (...keys: readonly string[]) => {
      await it.close();
      it = await accessUnderTest({ password: PASSWORD }, { store, keys });
    };
    await by(older);
    const cookie = await signIn(it);
    expect(await it.controller.history()).toEqual([]);
    await by(newer, older);
    expect(await use(cookie)).toMatchObject({ outcome: "known" });
    await by(newer);
    expect(await use(cookie)).toMatchObject({ outcome: "refused" });
  });

  test("is combined with the password: another password ends earlier sessions", async () => {
    const store = memoryStore();
    const keys = ["k".repeat(32)];
    await it.close();
    it = await accessUnderTest({ password: PASSWORD }, { store, keys });
    const cookie = await signIn(it);
    await it.close();
    it = await accessUnderTest({ password: "another long password" }, { store, keys });
    expect(await use(cookie)).toMatchObject({ outcome: "refused" });
    await it.close();
    it = await accessUnderTest({}, { store, keys });
    expect(await use(cookie)).toMatchObject({ outcome: "refused" });
  });

  test("is stored before a user gets in with it", async () => {
    const store = chaosStore(memoryStore());
    await it.close();
    it = await accessUnderTest({ password: PASSWORD }, { store });
    store.inject("fail", "commit");
    expect(await it.access.signIn(asks("POST", SAME_ORIGIN), PASSWORD)).toMatchObject({
      outcome: "refused",
      status: 503,
    });
    store.recover();
    expect(await use(await signIn(it))).toMatchObject({ outcome: "known" });
  });
});

test("of several cookies with that name the valid one counts, and only a limited number is read", async () => {
  const cookie = await signIn(it);
  const others = (count: number): string =>
    Array.from({ length: count }, () => "__Host-maintenance-admin=x").join("; ");
  expect(await use(`${others(7)}; ${cookie}`)).toMatchObject({ outcome: "known" });
  expect(await use(`${others(8)}; ${cookie}`)).toMatchObject({ outcome: "refused" });
});

test("a cookie that is changed in any way is refused", async () => {
  const [cookie, other] = [await signIn(it), await signIn(it)];
  const name = "__Host-maintenance-admin=";
  const [value, second] = [cookie.slice(name.length), other.slice(name.length)];
  const fields = value.split("~");
  const put = fc.stringMatching(/^[\w~.-]{0,4}$/);
  const changed = fc
    .oneof(
      fc
        .tuple(fc.nat(value.length), fc.nat(4), put)
        .map(([at, left, text]) => value.slice(0, at) + text + value.slice(at + left)),
      fc.tuple(fc.nat(fields.length - 1), put).map(([at, text]) => fields.with(at, text).join("~")),
      fc.nat(fields.length - 1).map((at) => fields.with(at, second.split("~")[at] ?? "").join("~")),
      fc.shuffledSubarray(fields).map((some) => some.join("~")),
      fc.string(),
    )
    // Surrounding white space is not part of a cookie's value, and a semicolon starts another cookie.
    .filter((text) => ![value, second].includes(text.split(";")[0]?.trim() ?? "") && /^[\x20-\x7e]*$/.test(text));
  await fc.assert(
    fc.asyncProperty(changed, async (text) => {
      expect(await use(name + text)).toMatchObject({ outcome: "refused", status: 401 });
    }),
  );
  expect(await use(cookie)).toMatchObject({ outcome: "known" });
});
