import { describe, expect, test } from "vitest";
import { defaultUser, isToBeLoggedOut, userFacts } from "../../../src/engine/decide/user-facts.ts";

const MIA = { name: "Mia" };

describe("defaultUser", () => {
  test.each<[string, object]>([
    ["user", { user: MIA, session: { user: "not this" } }],
    ["session.user", { session: { user: MIA } }],
    ["auth.user", { session: {}, auth: { user: MIA } }],
    ["res.locals.user", { res: { locals: { user: MIA, session: { id: "a" } } } }],
    ["res.locals.session.user", { session: { id: "a" }, res: { locals: { session: { user: MIA } } } }],
  ])("finds %s", (_place, request) => {
    expect(defaultUser(request)).toBe(MIA);
  });

  test.each<object>([{}, { session: null, auth: "x" }, { res: {} }, { res: { locals: { session: null } } }])(
    "finds no user in %j",
    (request) => {
      expect(defaultUser(request)).toBeUndefined();
    },
  );
});

test.each([
  [{ is_staff: 1 }, true],
  [{ is_staff: 1n }, true],
  [{ is_staff: true }, true],
  [{ is_staff: 0 }, false],
  [{ is_staff: 2 }, false],
  [{ is_staff: "1" }, false],
  [{ is_staff: "false" }, false],
])("%o is staff: %s", (user, staff) => {
  expect(userFacts(user, { predicate: null }).staff).toBe(staff);
});

describe("the member superuser applies to a superuser who is also staff", () => {
  const superuser = { authenticated: true, staff: true, superuser: true, exempt: false };
  test.each([
    [{ authenticated: false, staff: true, superuser: null }, false],
    [{ authenticated: true, staff: false, superuser: null }, true],
    [{ authenticated: true, staff: true, superuser: false }, false],
    [{ authenticated: false, staff: null, superuser: true }, true],
  ])("%o: logged out %s", (policy, expected) => {
    expect(isToBeLoggedOut(superuser, { ...policy, end: () => {} })).toBe(expected);
  });
});

test("a predicate that returns a promise exempts no user, and is reported", () => {
  const predicate = (() => Promise.reject(new Error("no database"))) as unknown as () => boolean;
  expect(() => userFacts(MIA, { predicate })).toThrow("a promise");
});
