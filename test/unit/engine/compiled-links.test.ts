import { expect, test } from "vitest";
import { signGrant } from "../../../src/bypass/bypass-cookie.ts";
import { compileLinks, MAX_REMEMBERED_COOKIES } from "../../../src/engine/snapshot/compiled-links.ts";
import { openRecord } from "../../../src/state/site-record.ts";
import { tokenHash } from "../../support/reference-bypass.ts";
import { NOW } from "../../support/snapshot.ts";

const KEY = "k".repeat(43);

function linksOf(count: number) {
  const links = Array.from({ length: count }, (_, index) => ({
    id: `l${String(index).padStart(7, "0")}`,
    label: "QA",
    hash: tokenHash(`token ${index}`),
    key: KEY,
    expires: null,
    created: { at: "2026-11-01T00:00:00Z", by: { kind: "program", label: "test" } as const },
  }));
  return compileLinks({ ...openRecord("shop"), links });
}

/** Returns a genuine cookie; cookies of different indexes differ in their expiry. */
function cookie(index: number): string {
  return signGrant({ link: "l0000000", site: "shop", generation: 0, expires: NOW / 1_000 + 60 + index }, KEY);
}

/** Returns keys that count the signatures computed with them. */
function countingKeys(): { readonly keys: readonly string[]; signatures(): number } {
  let signatures = 0;
  const keys = {
    length: 1,
    *[Symbol.iterator]() {
      signatures += 1;
      yield KEY;
    },
  };
  return { keys: keys as unknown as readonly string[], signatures: () => signatures };
}

test("a cookie is verified once while it is remembered, and the oldest of many is dropped", () => {
  const links = linksOf(1);
  const { keys, signatures } = countingKeys();
  const verify = (index: number): boolean => links?.byCookie(cookie(index), keys, NOW) !== null;
  for (let index = 0; index < MAX_REMEMBERED_COOKIES; index += 1) expect(verify(index)).toBe(true);
  expect(signatures()).toBe(MAX_REMEMBERED_COOKIES);
  for (const index of [0, 1, MAX_REMEMBERED_COOKIES - 1]) expect(verify(index)).toBe(true);
  expect(signatures()).toBe(MAX_REMEMBERED_COOKIES);
  expect(verify(MAX_REMEMBERED_COOKIES)).toBe(true);
  expect([verify(1), signatures()]).toEqual([true, MAX_REMEMBERED_COOKIES + 1]);
  expect([verify(0), signatures()]).toEqual([true, MAX_REMEMBERED_COOKIES + 2]);
});

test("a token is found by its hash, and one that is too long is not hashed", () => {
  const links = linksOf(1_000);
  expect(links?.byToken("token 999", NOW)?.id).toBe("l0000999");
  expect(links?.byToken("token 1000", NOW)).toBe(null);
  expect(links?.byToken("x".repeat(10_000), NOW)).toBe(null);
});
