import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NO_ACCESS } from "../../../src/state/access-token.ts";
import { parseSiteRecord, upgradeRecord } from "../../../src/state/parse-site-record.ts";
import { serializeSiteRecord } from "../../../src/state/serialize-site-record.ts";
import { openRecord, type SiteRecord } from "../../../src/state/site-record.ts";

const seconds = fc.option(fc.integer({ min: 0, max: 86_400 }));
const words = fc.record({ title: fc.string({ maxLength: 200 }), message: fc.string({ maxLength: 300 }) });
const exemptions = fc.record({
  paths: fc.array(
    fc.record({
      pattern: fc.constantFrom("/a", "/b/*", "/c/:id", "re:^/d$"),
      description: fc.string({ maxLength: 90 }),
    }),
  ),
  addresses: fc.array(
    fc.record({ range: fc.constantFrom("10.0.0.0/8", "2001:db8::1"), description: fc.string({ maxLength: 90 }) }),
  ),
});
const notice = fc.record({
  title: fc.string({ maxLength: 200 }),
  message: fc.string({ maxLength: 300 }),
  translations: fc.dictionary(fc.constantFrom("de", "pt-BR"), words, { noNullPrototype: true }),
  moreUrl: fc.option(fc.constant("https://status.example/")),
});
const response = fc.record({
  statusCode: fc.option(fc.integer({ min: 400, max: 599 })),
  retryAfter: seconds,
  refresh: seconds,
  redirect: fc.option(fc.constant("/down")),
});
const closure = { paths: fc.constantFrom([], ["/checkout/*"]), exemptions, lockdown: fc.boolean(), notice, response };

const records: fc.Arbitrary<SiteRecord> = fc.record({
  id: fc.constant("shop"),
  version: fc.nat(),
  hosts: fc.constantFrom([], ["shop.example", "*.shop.example"]),
  mode: fc.constantFrom("open", "read-only", "paused", "closed"),
  since: fc.option(fc.constant("2026-11-30T06:00:00Z")),
  until: fc.option(fc.constant("2026-12-01T06:00:00Z")),
  ...closure,
  restore: fc.option(fc.record(closure, { requiredKeys: [], noNullPrototype: true })),
  scope: fc.option(fc.constant("a1b2c3d4")),
  linkGeneration: fc.nat(),
  access: fc.constant(NO_ACCESS),
  links: fc.constantFrom(
    [],
    [
      {
        id: "abcd_-12",
        label: "QA",
        hash: "h".repeat(43),
        key: "k".repeat(43),
        expires: "2026-12-01T06:00:00Z",
        created: { at: "2026-11-21T12:00:00Z", by: { kind: "cli", label: "mia" } as const },
      },
    ],
  ),
  changed: fc.option(
    fc.constant({ at: "2026-11-21T12:00:00Z", by: { kind: "cli", label: "mia" } as const, reason: "deploy" }),
  ),
});

test("a record is read back as it was written", () => {
  fc.assert(
    fc.property(records, (record) => {
      expect(parseSiteRecord("shop", record.version, serializeSiteRecord(record))).toEqual(record);
    }),
  );
});

test("a default record is an empty object", () => {
  expect(serializeSiteRecord(openRecord("shop"))).toBe("{}");
  expect(parseSiteRecord("shop", 0, "{}")).toEqual(openRecord("shop"));
});

test("a record that is written by hand can be short", () => {
  const text =
    '{ "mode": "closed", "until": "2026-12-01T07:00:00+01:00", "exemptions": { "paths": ["/health"], "addresses": ["10.0.0.0/8"] } }';
  expect(parseSiteRecord("*", 1, text)).toMatchObject({
    mode: "closed",
    until: "2026-12-01T06:00:00Z",
    exemptions: {
      paths: [{ pattern: "/health", description: "" }],
      addresses: [{ range: "10.0.0.0/8", description: "" }],
    },
  });
});

test("unknown members of a later release are kept, at every level", () => {
  const later = {
    windows: [{ start: "2026-12-01T06:00:00Z" }],
    proto: 1,
    notice: { title: "Soon", tone: "calm", translations: { de: { title: "", message: "Gleich", tone: 1 } } },
    response: { statusCode: 503, codings: ["br"] },
    exemptions: { paths: [{ pattern: "/a", description: "", since: 3 }], users: ["staff"] },
    restore: { notice: { title: "", tone: "loud" }, freeze: true },
    links: [
      {
        ...{ id: "abcd_-12", label: "QA", hash: "h".repeat(43), key: "k".repeat(43), expires: null, uses: 3 },
        created: { at: "2026-11-21T12:00:00Z", by: { kind: "queue", label: "mia", team: "web" }, where: "x" },
      },
    ],
    changed: { at: "2026-11-21T12:00:00Z", by: { kind: "queue", label: "mia" }, reason: "", ticket: 7 },
  };
  const record = parseSiteRecord("shop", 3, JSON.stringify({ mode: "closed", ...later }));
  expect(record).toMatchObject({ mode: "closed", hosts: [] });
  expect(JSON.parse(serializeSiteRecord(record))).toMatchObject({ mode: "closed", ...later });
});

test("more than a day of seconds, which an earlier release accepted, is read as a day", () => {
  const response = { status: null, retryAfter: 31_536_000, refresh: 86_401, redirect: null };
  const record = parseSiteRecord("shop", 1, JSON.stringify({ mode: "closed", response, restore: { response } }));
  const limited = { status: null, retryAfter: 86_400, refresh: 86_400, redirect: null };
  expect(record).toMatchObject({ mode: "closed", response: limited, restore: { response: limited } });
  expect(parseSiteRecord("shop", 2, serializeSiteRecord(record))).toEqual({ ...record, version: 2 });
});

describe("an invalid value is refused, with the place and the value", () => {
  test.each([
    ["[]", /the record of 'shop' is not an object/],
    ["nonsense", /the record of 'shop': .*JSON/],
    ['{ "mod": "closed" }', /the record of 'shop': unknown member 'mod'/],
    ['{ "Mode": "closed" }', /the record of 'shop': unknown member 'Mode'/],
    ['{ "utnil": null }', /the record of 'shop': unknown member 'utnil'/],
    ['{ "mode": "shut" }', /mode: expected .*'shut'/],
    ['{ "until": "soon" }', /until: 'soon'/],
    ['{ "paths": ["x"] }', /paths\[0\]: .*'x'/],
    [
      '{ "exemptions": { "addresses": [{ "range": "10.0.0.0/40" }] } }',
      /exemptions\.addresses\[0\]\.range: .*10\.0\.0\.0\/40/,
    ],
    ['{ "exemptions": { "paths": [{ "patern": "/a" }] } }', /exemptions\.paths\[0\]/],
    ['{ "notice": { "moreUrl": "ftp://x" } }', /notice\.moreUrl: 'ftp:\/\/x'/],
    ['{ "response": { "retryAfter": -1 } }', /response\.retryAfter: -1/],
    ['{ "response": { "refresh": 1.5 } }', /response\.refresh: 1\.5/],
    ['{ "format": "new" }', /format: expected a whole number/],
  ])("%s", (text, message) => {
    expect(() => parseSiteRecord("shop", 1, text)).toThrow(
      expect.objectContaining({ code: "ERR_STATE_UNREADABLE", message: expect.stringMatching(message) }),
    );
  });

  test("any text returns an object or a MaintenanceError", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          expect(parseSiteRecord("shop", 1, text)).toBeTypeOf("object");
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_STATE/) });
        }
      }),
    );
  });
});

describe("an upgrade", () => {
  const steps = [
    ({ shut, ...rest }: Readonly<Record<string, unknown>>) => ({ ...rest, mode: shut === true ? "closed" : "open" }),
    (record: Readonly<Record<string, unknown>>) => ({ ...record, seen: true }),
  ];

  test("runs each step from the format of the record", () => {
    expect(upgradeRecord({ shut: true }, "it", steps)).toEqual({ mode: "closed", seen: true });
    expect(upgradeRecord({ format: 2, mode: "open" }, "it", steps)).toEqual({ mode: "open", seen: true });
    expect(upgradeRecord({ format: 3, mode: "open" }, "it", steps)).toEqual({ mode: "open" });
  });

  test("refuses the format of a later release", () => {
    expect(() => upgradeRecord({ format: 4 }, "it", steps)).toThrow(
      expect.objectContaining({ code: "ERR_STATE_TOO_NEW" }),
    );
    expect(() => parseSiteRecord("shop", 1, '{"format":2}')).toThrow(
      expect.objectContaining({ code: "ERR_STATE_TOO_NEW" }),
    );
  });
});
