import { afterEach, describe, expect, test } from "vitest";
import { isSameOrigin } from "../../../../src/admin/access/create-access.ts";
import {
  type AccessUnderTest,
  accessUnderTest,
  asks,
  ORIGIN,
  PASSWORD,
  type Sent,
  signIn,
} from "./access-under-test.ts";

const PLAIN: Sent = { url: "http://localhost:3000/maintenance/api/v1/sites" };

test.each<[Record<string, string>, boolean, Sent?]>([
  [{ "sec-fetch-site": "same-origin" }, true],
  [{ "sec-fetch-site": "same-site" }, false],
  [{ "sec-fetch-site": "cross-site" }, false],
  [{ "sec-fetch-site": "none" }, false],
  [{ "sec-fetch-site": "" }, false],
  [{ "sec-fetch-site": "same-origin, cross-site" }, false],
  [{ "sec-fetch-site": "cross-site", origin: ORIGIN }, false],
  [{ "sec-fetch-site": "same-origin", origin: "null" }, true],
  [{ origin: ORIGIN }, true],
  [{}, false],
  [{ origin: "null" }, false],
  [{ origin: "" }, false],
  [{ origin: "https://evil.example" }, false],
  [{ origin: "https://admin.example.evil.example" }, false],
  [{ origin: "https://admin.example:8443" }, false],
  [{ origin: `${ORIGIN}, https://evil.example` }, false],
  [{ referer: `${ORIGIN}/maintenance/` }, false],
  // The same host, but the page came over plain HTTP, so an intermediary may have written it.
  [{ origin: "http://admin.example" }, false],
  [{ origin: "http://localhost:3000" }, true, PLAIN],
  [{ origin: "http://localhost:3001" }, false, PLAIN],
  // An undeclared proxy has terminated TLS.
  [{ origin: ORIGIN }, true, { url: "http://admin.example/maintenance/" }],
])("accepts %j from the admin's own pages: %s", (headers, expected, sent) => {
  expect(isSameOrigin(asks("POST", headers, sent), null)).toBe(expected);
});

test.each<[Record<string, string>, boolean]>([
  [{ "sec-fetch-site": "same-origin" }, true],
  [{ "sec-fetch-site": "same-origin", origin: ORIGIN }, true],
  [{ "sec-fetch-site": "same-origin", origin: "null" }, true],
  // DNS rebinding: another name that resolves to this server.
  [{ "sec-fetch-site": "same-origin", origin: "http://rebound.example:3000" }, false],
  [{ "sec-fetch-site": "cross-site", origin: ORIGIN }, false],
  [{ origin: ORIGIN }, true],
  [{ origin: "http://10.0.0.5:3000" }, false],
  [{}, false],
])("with a declared origin, %j is judged: %s", (headers, expected) => {
  expect(isSameOrigin(asks("POST", headers, { url: "http://10.0.0.5:3000/maintenance/" }), ORIGIN)).toBe(expected);
});

describe("a change with a cookie", () => {
  let it: AccessUnderTest;
  afterEach(() => it.close());

  test.each(["POST", "PUT", "PATCH", "DELETE", "PURGE"])(
    "refuses %s from another site, but allows reading",
    async (method) => {
      it = await accessUnderTest({ password: PASSWORD });
      const cookie = await signIn(it);
      for (const headers of [{}, { origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }]) {
        expect(await it.access.identify(asks(method, { cookie, ...headers }))).toMatchObject({
          outcome: "refused",
          status: 403,
          error: { code: "ERR_FORBIDDEN" },
          headers: [],
        });
        expect(await it.access.identify(asks("GET", { cookie, ...headers }))).toMatchObject({ outcome: "known" });
      }
    },
  );

  test("is refused for signing in from another site, whatever the password", async () => {
    it = await accessUnderTest({ password: PASSWORD });
    for (const password of [PASSWORD, "wrong"]) {
      const answer = await it.access.signIn(asks("POST", { origin: "https://evil.example" }), password);
      expect(answer).toMatchObject({ outcome: "refused", status: 403, headers: [] });
    }
  });

  test("cannot end a session from another site, although the form has no cookie", async () => {
    it = await accessUnderTest({ password: PASSWORD });
    const cookie = await signIn(it);
    for (const from of [{}, { "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }]) {
      expect(await it.access.signOut(asks("POST", from))).toMatchObject({
        outcome: "refused",
        status: 403,
        headers: [],
      });
      expect(await it.access.signOut(asks("POST", { cookie, ...from }))).toMatchObject({ outcome: "refused" });
    }
    expect(await it.access.identify(asks("GET", { cookie }))).toMatchObject({ outcome: "known" });
  });

  test("is also refused if the application authenticates the user", async () => {
    it = await accessUnderTest({ authorize: () => ({ name: "ada", may: ["switch"] }) });
    expect(await it.access.identify(asks("POST", { cookie: "session=ada" }))).toMatchObject({ status: 403 });
    expect(await it.access.identify(asks("POST", { cookie: "session=ada", origin: ORIGIN }))).toMatchObject({
      outcome: "known",
    });
  });

  test("behind a proxy that terminates TLS, a declared origin makes the cookie secure and lets users sign in", async () => {
    it = await accessUnderTest({ password: PASSWORD, origin: ORIGIN });
    const sent: Sent = { url: "http://10.0.0.5:3000/maintenance/api/v1/session" };
    const answer = await it.access.signIn(asks("POST", { origin: ORIGIN }, sent), PASSWORD);
    expect(answer.headers[0]?.[1]).toMatch(/^__Host-maintenance-admin=.* Secure; SameSite=Strict$/);
  });
});
