import { domainToASCII, domainToUnicode } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { unicodeHost } from "../../../src/rules/hosts/unicode.ts";

test.each([
  ["shop.example", "shop.example"],
  ["xn--mnchen-3ya.example", "münchen.example"],
  ["*.xn--mnchen-3ya.example", "*.münchen.example"],
  ["xn--fiqs8s.xn--55qx5d", "中国.公司"],
  ["xn--e1afmkfd.xn--80akhbyknj4f", "пример.испытание"],
  ["xn--.example", "xn--.example"],
  ["xn--zzzzzzzzzzzz.example", "xn--zzzzzzzzzzzz.example"],
  ["xn--a_b.example", "xn--a_b.example"],
])("%s is decoded as %s", (host, written) => {
  expect(unicodeHost(host)).toBe(written);
});

test("every host is decoded as on the platform", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }), (label) => {
      const ascii = domainToASCII(`${label}.example`);
      fc.pre(ascii !== "" && domainToUnicode(ascii) !== ascii);
      expect(unicodeHost(ascii)).toBe(domainToUnicode(ascii));
    }),
    { seed: 7, numRuns: 500 },
  );
});

test("invalid Punycode is refused in bounded time, and never throws", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9-]{0,59}$/), (label) => {
      expect(typeof unicodeHost(`xn--${label}.example`)).toBe("string");
    }),
    { seed: 7, numRuns: 2_000 },
  );
});
