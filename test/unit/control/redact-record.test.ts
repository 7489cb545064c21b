import { expect, test } from "vitest";
import { redactRecord } from "../../../src/control/views/record-view.ts";
import { parseSiteRecord } from "../../../src/state/parse-site-record.ts";
import { serializeSiteRecord } from "../../../src/state/serialize-site-record.ts";
import { openRecord, type SiteRecord } from "../../../src/state/site-record.ts";

const created = { at: "2026-11-21T12:00:00Z", by: { kind: "cli", label: "ada" } } as const;
const link = { id: "link0001", label: "QA", hash: "h".repeat(43), key: "k".repeat(43), expires: null, created };
const token = { id: "token001", name: "ci", hash: "t".repeat(43), may: ["view"], sites: null, expires: null, created };
const record: SiteRecord = {
  ...openRecord("*"),
  mode: "closed",
  links: [link],
  linkGeneration: 3,
  access: {
    tokens: [{ ...token, may: ["view"] }],
    sessionGeneration: 2,
    sessionKey: "s".repeat(43),
    endedSessions: [],
  },
};

test("secrets are removed, and everything else is unchanged", () => {
  const redacted = redactRecord(record);
  expect(JSON.stringify(redacted)).not.toMatch(/([hkts])\1{42}/);
  const shown = redacted.links[0]?.hash;
  expect(redacted).toEqual({
    ...record,
    links: [{ ...link, hash: shown, key: shown }],
    access: { tokens: [{ ...token, hash: shown }], sessionGeneration: 2, sessionKey: shown, endedSessions: [] },
  });
  expect(redactRecord(openRecord("shop"))).toEqual(openRecord("shop"));
});

test("a redacted record is redacted once, and stored and read like any other", () => {
  const redacted = redactRecord(record);
  expect(parseSiteRecord("*", 0, serializeSiteRecord(redacted))).toEqual(redacted);
  expect(redactRecord(redacted)).toEqual(redacted);
});
