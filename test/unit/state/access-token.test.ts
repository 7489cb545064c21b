import fc from "fast-check";
import { expect, test } from "vitest";
import { type AccessRecord, RIGHTS } from "../../../src/state/access-token.ts";
import { parseSiteRecord } from "../../../src/state/parse-site-record.ts";
import { serializeSiteRecord } from "../../../src/state/serialize-site-record.ts";
import { openRecord } from "../../../src/state/site-record.ts";

const TOKEN = {
  id: "abcd1234",
  name: "ci",
  hash: "h".repeat(43),
  may: ["view", "switch"],
  sites: ["shop"],
  expires: null,
  created: { at: "2026-11-21T12:00:00Z", by: { kind: "cli", label: "mia" } },
};

const records: fc.Arbitrary<AccessRecord> = fc.record({
  tokens: fc.array(
    fc.record({
      id: fc.constant("abcd1234"),
      name: fc.constantFrom("ci", "Größe 2", "a b"),
      hash: fc.constant("h".repeat(43)),
      may: fc.subarray([...RIGHTS], { minLength: 1 }),
      sites: fc.constantFrom(null, ["shop"], ["*"], ["blog", "shop"]),
      expires: fc.constantFrom(null, "2026-12-01T06:00:00Z"),
      created: fc.constant({ at: "2026-11-21T12:00:00Z", by: { kind: "cli", label: "mia" } as const }),
    }),
  ),
  sessionGeneration: fc.nat(),
  sessionKey: fc.constantFrom(null, "k".repeat(43)),
  endedSessions: fc.constantFrom([], [{ session: "s".repeat(22), until: "2026-12-01T06:00:00Z" }]),
});

test("tokens and sessions are read back as they were written", () => {
  fc.assert(
    fc.property(records, (access) => {
      const record = { ...openRecord("*"), access };
      expect(parseSiteRecord("*", 0, serializeSiteRecord(record))).toEqual(record);
    }),
  );
});

test("without tokens and sessions, the member is not written", () => {
  expect(serializeSiteRecord(openRecord("*"))).toBe("{}");
});

test("only the record of all sites has tokens and sessions", () => {
  const text = JSON.stringify({ access: { tokens: [TOKEN] } });
  expect(parseSiteRecord("*", 1, text).access.tokens).toEqual([TOKEN]);
  expect(() => parseSiteRecord("shop", 1, text)).toThrow(
    expect.objectContaining({ code: "ERR_STATE_UNREADABLE", message: "the record of 'shop' has 'access'." }),
  );
});

test.each([
  [{ may: [] }, /may: expected at least one of view/],
  [{ may: ["root"] }, /may\[0\]: expected .*'root'/],
  [{ may: "view" }, /may/],
  [{ sites: [] }, /sites: expected sites, or null/],
  [{ sites: ["Shop"] }, /sites\[0\]: 'Shop'/],
  [{ sites: undefined }, /sites/],
  [{ name: "" }, /name: expected a name/],
  [{ name: "a\nb" }, /name: expected a name/],
  [{ hash: "short" }, /hash: expected a SHA-256/],
  [{ id: "a" }, /id: expected eight/],
  [{ expires: "soon" }, /expires: 'soon'/],
  [{ hahs: "x" }, /unknown member 'hahs'/],
])("a token with %j is refused with its place", (member, message) => {
  const text = JSON.stringify({ access: { tokens: [{ ...TOKEN, ...member }] } });
  expect(() => parseSiteRecord("*", 1, text)).toThrow(
    expect.objectContaining({ code: "ERR_STATE_UNREADABLE", message: expect.stringMatching(message) }),
  );
});

test("an incomplete hash or key is refused without being shown", () => {
  const cut = "s3cret".repeat(6);
  for (const access of [{ tokens: [{ ...TOKEN, hash: cut }] }, { sessionKey: cut }]) {
    expect(() => parseSiteRecord("*", 1, JSON.stringify({ access }))).toThrow(
      expect.objectContaining({ code: "ERR_STATE_UNREADABLE", message: expect.not.stringContaining("s3cret") }),
    );
  }
});
