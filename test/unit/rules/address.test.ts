import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, test } from "vitest";
import { parseAddress, parseIPv4, parseIPv6 } from "../../../src/rules/addresses/address.ts";

const words = (...parts: number[]) => parts;

test.each([
  ["10.0.0.42", 0x0a00002a],
  ["0.0.0.0", 0],
  ["255.255.255.255", 0xffffffff],
  ["::ffff:10.0.0.42", 0x0a00002a],
  ["::FFFF:10.0.0.42", 0x0a00002a],
  ["::ffff:a00:2a", 0x0a00002a],
  ["0:0:0:0:0:ffff:10.0.0.42", 0x0a00002a],
  ["::ffff:10.0.0.42%eth0", 0x0a00002a],
])("%s is an IPv4 address", (text, bits) => {
  expect(parseAddress(text)).toBe(bits);
});

test.each([
  ["::", words(0, 0, 0, 0)],
  ["::1", words(0, 0, 0, 1)],
  ["2001:DB8::1", words(0x20010db8, 0, 0, 1)],
  ["fe80::1%eth0", words(0xfe800000, 0, 0, 1)],
  ["fe80::1%eth0.100", words(0xfe800000, 0, 0, 1)],
  ["64:ff9b::1.2.3.4", words(0x0064ff9b, 0, 0, 0x01020304)],
  ["::10.0.0.42", words(0, 0, 0, 0x0a00002a)],
  ["1:2:3:4:5:6:7:8", words(0x10002, 0x30004, 0x50006, 0x70008)],
])("%s is an IPv6 address", (text, address) => {
  expect(parseAddress(text)).toEqual(address);
});

describe("a text that is not an address returns null", () => {
  test.each([
    ..."|10.1|10.0.0|10.0.0.0.1|10.0.0.|.10.0.0.1|10..0.1|010.0.0.1|10.0.0.01|10.0.0.256|0x0a.0.0.1|10.0.0.1 | 10.0.0.1".split(
      "|",
    ),
    ..."10.0.0.1/8|10.0.0.1:80|[::1]|1::2::3|12345::|2001:db8:::1|1:2:3:4:5:6:7:8:9|:1|1:|::g|fe80::1%|%eth0".split(
      "|",
    ),
    ..."10.0.0.1%eth0|::ffff:010.0.0.1|::ffff:0x10.0.0.1|::ffff:256.0.0.1|::ffff:10.0.1|localhost|a:b|2130706433".split(
      "|",
    ),
    "١.٢.٣.٤",
    "1:".repeat(10_000),
  ])("%s", (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  test("for any text", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.ipV6()), (text) => void parseAddress(text)));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(":", ".", "%", "0", "1", "f", "::ffff:", "255")), (parts) => {
        parseAddress(parts.join(""));
      }),
    );
  });
});

describe("ipaddr.js agrees", () => {
  const group = fc.oneof(
    fc.constantFrom("", "0", "ffff", "00001", "12345", "g", "1.2.3.4"),
    fc.stringMatching(/^[\da-fA-F]{1,4}$/),
  );
  const nearly = fc
    .tuple(fc.array(group, { maxLength: 10 }), fc.constantFrom(":", "::"), fc.nat({ max: 10 }))
    .map(([groups, separator, at]) => [groups.slice(0, at).join(":"), groups.slice(at).join(":")].join(separator));

  function oracle(text: string): readonly number[] | null {
    try {
      const { parts } = ipaddr.IPv6.parse(text);
      return [0, 2, 4, 6].map((i) => (parts[i] ?? 0) * 65_536 + (parts[i + 1] ?? 0));
    } catch {
      return null;
    }
  }

  // The oracle accepts octal parts and treats `::1.2.3.4` as mapped, so texts with dots are compared only by their number of groups.
  test.each([
    ["IPv6 addresses as people write them", fc.ipV6().filter((text) => !text.includes("."))],
    ["what is nearly an IPv6 address", nearly.filter((text) => !text.includes("."))],
  ])("%s", (_name, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(parseIPv6(text)).toEqual(oracle(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test("for the last two groups in dotted form", () => {
    fc.assert(
      fc.property(nearly, fc.ipV4(), (head, tail) => {
        const [a = 0, b = 0, c = 0, d = 0] = tail.split(".").map(Number);
        const plain = `${head}:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
        expect(parseIPv6(`${head}:${tail}`)).toEqual(head.includes(".") ? null : oracle(plain));
      }),
      { numRuns: 2_000 },
    );
  });
});

test("every IPv4 address is read as its 32 bits, also if it is mapped", () => {
  fc.assert(
    fc.property(fc.nat({ max: 0xffffffff }), (bits) => {
      const text = [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255].join(".");
      expect(parseIPv4(text)).toBe(bits);
      expect(parseIPv4(`::ffff:${text}`)).toBe(bits);
    }),
  );
});
