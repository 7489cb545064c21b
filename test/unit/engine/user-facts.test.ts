import { describe, expect, test } from "vitest";
import { defaultUser, userFacts } from "../../../src/engine/user-facts.ts";

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
    "finds nobody in %j",
    (request) => {
      expect(defaultUser(request)).toBeUndefined();
    },
  );
});

test("a predicate that gives a promise exempts nobody, and says what is wrong", () => {
  const predicate = (() => Promise.reject(new Error("no database"))) as unknown as () => boolean;
  expect(() => userFacts(MIA, { predicate })).toThrow("a promise");
});
