import { describe, expect, test } from "vitest";
import { parseAddressRange } from "../../../src/rules/addresses/range.ts";

test.each([
  ["10.0.0.42", { family: 4, start: 0x0a00002a, prefix: 32 }],
  ["10.0.0.0/8", { family: 4, start: 0x0a000000, prefix: 8 }],
  ["10.0.0.5/8", { family: 4, start: 0x0a000000, prefix: 8 }],
  ["255.255.255.255/31", { family: 4, start: 0xfffffffe, prefix: 31 }],
  ["1.2.3.4/0", { family: 4, start: 0, prefix: 0 }],
  ["::ffff:10.0.0.42", { family: 4, start: 0x0a00002a, prefix: 32 }],
  ["::ffff:10.0.0.0/104", { family: 4, start: 0x0a000000, prefix: 8 }],
  ["::ffff:0:0/96", { family: 4, start: 0, prefix: 0 }],
  ["2001:db8::/32", { family: 6, start: [0x20010db8, 0, 0, 0], prefix: 32 }],
  ["2001:db8::1", { family: 6, start: [0x20010db8, 0, 0, 1], prefix: 128 }],
  ["2001:db8:ffff:ffff::1/33", { family: 6, start: [0x20010db8, 0x80000000, 0, 0], prefix: 33 }],
  ["::1/0", { family: 6, start: [0, 0, 0, 0], prefix: 0 }],
])("%s is parsed", (text, range) => {
  expect(parseAddressRange(text)).toEqual(range);
});

describe("an invalid range is refused with the reason", () => {
  test.each([
    ["10.0.0.0/40", "'40' is not a whole number from 0 to 32"],
    ["2001:db8::/200", "'200' is not a whole number from 0 to 128"],
    ["10.0.0.0/", "'' is not a whole number"],
    ["10.0.0.0/08", "'08' is not a whole number"],
    ["10.0.0.0/-1", "'-1' is not a whole number"],
    ["10.0.0.0/8/8", "'8/8' is not a whole number"],
    ["10.0.0.0/255.0.0.0", "'255.0.0.0' is not a whole number"],
    ["::ffff:10.0.0.0/90", "from 96 to 128"],
    ["10.1", "four decimal parts"],
    ["010.0.0.1", "without leading zeros"],
    ["10.0.0.256", "from 0 to 255"],
    ["", "there is no address"],
    ["/8", "there is no address"],
    ["2001:db8:::/32", "not an IPv6 address"],
    ["localhost", "names are not looked up"],
    ["10.0.0.0 /8", "not an address"],
  ])("'%s'", (text, reason) => {
    const named = expect.objectContaining({
      message: expect.stringContaining(`The address or range '${text}' is refused`),
    });
    expect(() => parseAddressRange(text)).toThrow(named);
    expect(() => parseAddressRange(text)).toThrow(
      expect.objectContaining({
        code: "ERR_INVALID_ADDRESS",
        message: expect.stringContaining(reason),
      }),
    );
  });
});
