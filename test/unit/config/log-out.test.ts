import { expect, test } from "vitest";
import { normalizeOptions } from "../../../src/config/normalize-options.ts";

test("no user is logged out unless a kind is named", () => {
  expect(normalizeOptions({}, {}).logOut).toBeNull();
  expect(normalizeOptions({ logOut: { staff: false, end: () => {} } }, {}).logOut).toBeNull();
});

test("a kind that is not named follows `authenticated`", () => {
  const { logOut } = normalizeOptions({ logOut: { staff: true, end: () => "ended" } }, {});
  expect(logOut).toMatchObject({ authenticated: false, staff: true, superuser: null });
  expect(logOut?.end({})).toBe("ended");
});

test("reports missing and unknown members", () => {
  // @ts-expect-error JavaScript callers are not type-checked.
  expect(() => normalizeOptions({ logOut: { staff: true } }, {})).toThrow("the configuration, logOut.end");
  const misspelt = { logOut: { stuff: true, end: () => {} } };
  expect(() => normalizeOptions(misspelt, {})).toThrow(expect.objectContaining({ hint: "Did you mean 'staff'?" }));
});
