import { describe, expect, test } from "vitest";
import { validateCommand } from "../../../src/control/apply/validate-command.ts";

test("times become UTC, hosts lower case, and links complete", () => {
  expect(validateCommand({ type: "close", until: "2026-11-21T14:00:00.5+01:00" })).toMatchObject({
    until: "2026-11-21T13:00:00Z",
  });
  expect(validateCommand({ type: "add-site", site: "shop", hosts: ["Shop.Example."] })).toMatchObject({
    hosts: ["shop.example"],
  });
  expect(validateCommand({ type: "close", moreUrl: "https://status.example" })).toMatchObject({
    moreUrl: "https://status.example/",
  });
  expect(validateCommand({ type: "add-exemptions", paths: ["/health"] })).toMatchObject({
    paths: [{ pattern: "/health", description: "" }],
  });
});

test.each<[unknown, string, RegExp]>([
  [null, "ERR_INVALID_COMMAND", /the command: expected/],
  [{}, "ERR_INVALID_COMMAND", /^the command, type is missing\.$/],
  [{ type: "shut" }, "ERR_INVALID_COMMAND", /'shut'/],
  [{ type: "close", untill: null }, "ERR_INVALID_COMMAND", /unknown member 'untill'/],
  [{ type: "close", sites: ["Shop"] }, "ERR_INVALID_SITE_ID", /sites\[0\]: 'Shop'/],
  [{ type: "close", mode: "open" }, "ERR_INVALID_COMMAND", /mode: expected .*'open'/],
  [{ type: "close", mode: "paused" }, "ERR_INVALID_COMMAND", /'paused'/],
  [{ type: "close", until: "tomorrow" }, "ERR_INVALID_TIME", /'tomorrow'/],
  [{ type: "close", until: "2026-02-30T00:00:00Z" }, "ERR_INVALID_TIME", /2026-02-30/],
  [{ type: "close", until: "2026-12-01T00:00:00" }, "ERR_INVALID_TIME", /offset/],
  [{ type: "close", statusCode: 200 }, "ERR_INVALID_STATUS", /200/],
  [{ type: "close", retryAfter: -1 }, "ERR_INVALID_OPTION", /-1/],
  [{ type: "close", retryAfter: 86_401 }, "ERR_INVALID_OPTION", /86401/],
  [{ type: "close", retryAfter: Number.NaN }, "ERR_INVALID_COMMAND", /NaN/],
  [{ type: "close", refresh: 86_401 }, "ERR_INVALID_OPTION", /86401/],
  [{ type: "close", redirect: "//evil.example" }, "ERR_INVALID_OPTION", /evil/],
  [{ type: "close", redirect: "/a\r\nSet-Cookie: x" }, "ERR_INVALID_HEADER", /line break/],
  [{ type: "close", moreUrl: "javascript:alert(1)" }, "ERR_INVALID_OPTION", /javascript/],
  [{ type: "close", message: 5 }, "ERR_INVALID_COMMAND", /message: expected a string, found 5/],
  [{ type: "close", reason: "cut \ud83d" }, "ERR_INVALID_COMMAND", /reason: .*a lone surrogate/],
  [{ type: "close", title: "\udc00" }, "ERR_INVALID_COMMAND", /title: .*a lone surrogate/],
  [{ type: "close", paths: ["checkout"] }, "ERR_INVALID_PATTERN", /'checkout'/],
  [{ type: "close", exempt: { addresses: ["10.0.0.0/40"] } }, "ERR_INVALID_ADDRESS", /10\.0\.0\.0\/40/],
  [
    { type: "close", exempt: { paths: [5] } },
    "ERR_INVALID_COMMAND",
    /exempt\.paths\[0\]: expected a string or an object, found 5\.$/,
  ],
  [{ type: "edit", site: "shop" }, "ERR_INVALID_COMMAND", /version/],
  [{ type: "edit", site: "shop", version: 1, mode: "open" }, "ERR_INVALID_COMMAND", /'mode'/],
  [{ type: "add-site", site: "shop", hosts: ["http://shop.example"] }, "ERR_INVALID_HOST", /http/],
])("%j is refused with %s", (command, code, message) => {
  expect(() => validateCommand(command)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message), hint: expect.stringMatching(/./) }),
  );
});

test("a command without a type is refused with the allowed types", () => {
  expect(() => validateCommand({ sites: ["shop"] })).toThrow(
    expect.objectContaining({
      hint: expect.stringMatching(/^Its type is one of: close, open, edit, .*end-sessions\.$/),
    }),
  );
});

test.each([
  [new Date("2026-12-01T06:00:00.900Z"), "2026-12-01T06:00:00Z"],
  ["2026-12-01T07:00:00+01:00", "2026-12-01T06:00:00Z"],
  ["2h", "2h"],
  ["1h30m", "1h30m"],
  [null, null],
])("accepts until: %o", (until, expected) => {
  expect(validateCommand({ type: "close", until })).toMatchObject({ until: expected });
});

test.each<[object, string, RegExp]>([
  [{ until: new Date(Number.NaN) }, "ERR_INVALID_TIME", /until: an invalid Date is not a time/],
  [{ until: 1_764_568_800_000 }, "ERR_INVALID_TIME", /until: a number is not a time/],
  [{ until: "2 hours" }, "ERR_INVALID_TIME", /until: '2 hours' is not a duration/],
  [{ until: "0s" }, "ERR_INVALID_TIME", /'0s'/],
  [{ until: "400d" }, "ERR_INVALID_TIME", /more than a year/],
  [{ for: "soon" }, "ERR_INVALID_TIME", /for: 'soon' is not a duration/],
  [{ for: 7_200 }, "ERR_INVALID_COMMAND", /for: expected a string, found 7200/],
])("close %o is refused with %s", (end, code, message) => {
  expect(() => validateCommand({ type: "close", ...end })).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  );
});

const SECRET = "0123456789012345678901234567890123456789012";
const LINK = { id: "abcdefgh", label: "QA", hash: SECRET, key: SECRET };
const TOKEN = { id: "abcdefgh", name: "ci", hash: SECRET, may: ["view"], sites: null };

describe.each([
  ["add-link", (expires: unknown) => ({ type: "add-link", link: { ...LINK, expires } }), "link"],
  ["add-token", (expires: unknown) => ({ type: "add-token", token: { ...TOKEN, expires } }), "token"],
] as const)("the end in '%s'", (_type, commandWith, member) => {
  test.each([
    [new Date("2026-12-01T06:00:00.900Z"), "2026-12-01T06:00:00Z"],
    ["2026-12-01T07:00:00+01:00", "2026-12-01T06:00:00Z"],
    ["2h", "2h"],
    [null, null],
  ])("%o", (expires, expected) => {
    expect(validateCommand(commandWith(expires))).toMatchObject({ [member]: { expires: expected } });
  });

  test.each([new Date(Number.NaN), 5, "", "soon", undefined])("%o is refused", (expires) => {
    expect(() => validateCommand(commandWith(expires))).toThrow(`${member}.expires`);
  });
});

test("the end of a session is a Date or text", () => {
  const end = { type: "end-session", session: "abc" };
  const until = "2026-12-01T06:00:00Z";
  expect(validateCommand({ ...end, until: new Date(until) })).toEqual({ ...end, until });
  expect(validateCommand({ ...end, until })).toEqual({ ...end, until });
});

test("ranges are stored and removed in one spelling", () => {
  expect(validateCommand({ type: "add-exemptions", addresses: ["::ffff:127.0.0.1", "2001:DB8:0::/32"] })).toMatchObject(
    { addresses: [{ range: "127.0.0.1" }, { range: "2001:db8::/32" }] },
  );
  expect(validateCommand({ type: "remove-exemptions", addresses: ["::FFFF:10.0.0.0/104"] })).toMatchObject({
    addresses: ["10.0.0.0/8"],
  });
});

test("a list is refused as settings, even an empty one", () => {
  expect(() => validateCommand({ type: "close", exempt: [] })).toThrow(
    "exempt: expected an object, found an empty list",
  );
});
