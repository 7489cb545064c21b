import fc from "fast-check";
import { expect, test } from "vitest";
import { parseSiteRecord } from "../../../src/state/parse-site-record.ts";
import { readPlainRecord } from "../../../src/state/plain-record.ts";

const text = fc.constantFrom("", "Back soon", "Wir sind gleich zurück", '"quoted"', "\u0000");
const label = fc.stringMatching(/^[a-z0-9-]{1,8}$/);
const host = fc.oneof(
  fc
    .tuple(fc.constantFrom("", "*."), fc.array(label, { minLength: 1, maxLength: 3 }))
    .map(([w, it]) => w + it.join(".")),
  fc.constantFrom(
    "127.1",
    "0x7f",
    "shop.0x7f",
    "xn--bcher-kva.example",
    "xn--a.example",
    "[::1]",
    "Shop.example",
    "a..b",
    "*",
  ),
  fc.constantFrom(
    "ab--c.example",
    "-a.example",
    "a_b.example",
    "shop.example.",
    "1.example",
    "a.1",
    `${"a".repeat(64)}.example`,
  ),
);
const instant = fc.constantFrom(
  ...[
    "2026-11-21T12:00:00Z",
    "2026-11-22T12:00:00Z",
    "2026-02-30T12:00:00Z",
    "2026-11-21T12:00:00.000Z",
    "2026-11-21T12:00:00+01:00",
  ],
  ...["2026-11-21T24:00:00Z", "2026-13-01T00:00:00Z", "0000-01-01T00:00:00Z", ""],
);
const notice = fc.record(
  {
    title: fc.oneof(text, text, fc.constant(1)),
    message: text,
    translations: fc.constantFrom({}, {}, { de: { title: "", message: "Gleich" } }, []),
    moreUrl: fc.constantFrom(null, "https://status.example"),
  },
  { requiredKeys: [] },
);
const by = fc.record({ kind: text, label: text, from: text }, { requiredKeys: ["kind", "label"] });
const record = fc.record(
  {
    hosts: fc.array(host, { maxLength: 2 }),
    mode: fc.constantFrom("open", "closed", "read-only", "paused", "Closed", null),
    since: fc.option(instant),
    until: fc.option(instant),
    notice,
    restore: fc.option(fc.record({ notice, lockdown: fc.boolean() }, { requiredKeys: [] })),
    changed: fc.option(fc.record({ at: instant, by, reason: text }, { requiredKeys: [] })),
  },
  { requiredKeys: [] },
);
/** Two of its members, so that one which is not plain does not hide the others. */
const two = fc
  .tuple(record, fc.subarray(["hosts", "mode", "since", "until", "notice", "restore", "changed"], { maxLength: 2 }))
  .map(([it, keys]) => Object.fromEntries(Object.entries(it).filter(([key]) => keys.includes(key))));
/** Members that few records have. */
const odd = fc.constantFrom({}, {}, {}, {}, {}, { lockdown: true }, { format: 1 }, { later: "" });

test("a text that is read as plain gives the record that the whole validation gives", () => {
  let plain = 0;
  fc.assert(
    fc.property(
      fc.constantFrom("shop", "shop", "*", "Shop"),
      fc.constantFrom(0, 1, 1, -1),
      two,
      odd,
      (id, version, it, added) => {
        const stored = JSON.stringify({ ...it, ...added });
        const read = readPlainRecord(id, version, stored);
        if (read === null) return;
        plain += 1;
        expect(read).toEqual(parseSiteRecord(id, version, stored));
      },
    ),
    { numRuns: 5_000 },
  );
  expect(plain).toBeGreaterThan(200);
});

test.each([
  { hosts: ["shop.example"], mode: "closed" },
  { mode: "read-only", since: "2026-11-21T12:00:00Z", until: "2026-11-21T13:00:00Z" },
  { changed: { at: "2026-11-21T12:00:00Z", by: { kind: "cli", label: "Ada", from: "host" }, reason: "" } },
  {
    notice: { title: "Back soon", message: "At noon." },
    restore: { notice: { title: "", message: "", translations: {}, moreUrl: null } },
  },
])("%j, as the controller writes it, is read as plain", (members) => {
  const stored = JSON.stringify(members);
  expect(readPlainRecord("shop", 3, stored)).toEqual(parseSiteRecord("shop", 3, stored));
});

test.each(["", "null", "[]", '"closed"', "{", '{"mode":"closed","paths":["re:("]}', '{"__proto__":{"mode":"open"}}'])(
  "%s is left to the whole validation",
  (stored) => expect(readPlainRecord("shop", 1, stored)).toBeNull(),
);
