import { isIPv6, SocketAddress } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAddress } from "../../../src/rules/addresses/address.ts";
import { formatAddress, formatAddressRange } from "../../../src/rules/addresses/format.ts";

test.each([
  ["127.0.0.1", "127.0.0.1"],
  ["::ffff:127.0.0.1", "127.0.0.1"],
  ["::FFFF:7f00:1", "127.0.0.1"],
  ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
  ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["0:0:0:0:0:0:0:0", "::"],
  ["1:0:0:0:0:0:0:0", "1::"],
  ["fe80::1%eth0", "fe80::1"],
  ["not one", "not one"],
])("'%s' is shown as '%s'", (text, shown) => {
  expect(formatAddress(text)).toBe(shown);
});

test.each([
  ["2001:DB8::/32", "2001:db8::/32"],
  ["::ffff:10.0.0.0/104", "10.0.0.0/8"],
  ["10.0.0.5", "10.0.0.5"],
])("the range '%s' is shown as '%s'", (text, shown) => {
  expect(formatAddressRange(text)).toBe(shown);
});

test("every IPv6 address is formatted as in Node, and parsed back to the same value", () => {
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const text = groups.map((part) => part.toString(16).padStart(4, "0").toUpperCase()).join(":");
      const shown = formatAddress(text);
      expect(parseAddress(shown)).toEqual(parseAddress(text));
      if (!isIPv6(shown)) return;
      // RFC 5952 section 5 allows dotted parts, and the C library uses them for some addresses.
      const known = new SocketAddress({ address: text, family: "ipv6" }).address;
      if (!known.includes(".")) expect(shown).toBe(known);
    }),
  );
});
