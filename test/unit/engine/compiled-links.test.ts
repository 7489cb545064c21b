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

test("a cookie is verified once while it is remembered, also if more visitors than are remembered come in turn", () => {
  const links = linksOf(1);
  const { keys, signatures } = countingKeys();
  const verify = (index: number): boolean => links?.byCookie(cookie(index), keys, NOW) !== null;
  const verifyAll = (from: number, to: number): void => {
    for (let index = from; index < to; index += 1) expect(verify(index)).toBe(true);
  };
  const most = MAX_REMEMBERED_COOKIES;
  verifyAll(0, most + 1);
  expect(signatures()).toBe(most + 1);
  verifyAll(0, most + 1);
  expect(signatures()).toBe(most + 1);
  // The first has just been used again; the memory stays bounded.
  verifyAll(most + 1, 3 * most + 1);
  expect(signatures()).toBe(3 * most + 1);
  expect([verify(0), signatures()]).toEqual([true, 3 * most + 2]);
});

test("a genuine cookie of another site or an earlier generation does not let in, and is no forgery", () => {
  const links = linksOf(1);
  for (const other of [{ site: "blog" }, { generation: 1 }]) {
    const value = signGrant({ ...{ link: "l0000000", site: "shop", generation: 0, expires: NOW }, ...other }, KEY);
    for (let time = 0; time < 2; time += 1) expect(links?.byCookie(value, [KEY], NOW)).toBeNull();
    expect(links?.isForged(value, NOW)).toBe(false);
  }
});

test("a token is found by its hash, and one that is too long is not hashed", () => {
  const links = linksOf(1_000);
  expect(links?.byToken("token 999", NOW)?.id).toBe("l0000999");
  expect(links?.byToken("token 1000", NOW)).toBe(null);
  expect(links?.byToken("x".repeat(10_000), NOW)).toBe(null);
});
