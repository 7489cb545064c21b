import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AddressMatcher, compileAddressMatcher } from "../../../src/rules/addresses/matcher.ts";

function matcherOf(ranges: readonly string[]): AddressMatcher {
  const rules = ranges.map((range, i) => ({ range, description: `rule ${i}`, source: "configuration" }));
  const matcher = compileAddressMatcher(rules);
  if (matcher === null) throw new Error("There are no ranges.");
  return matcher;
}

test("without rules there is no matcher", () => {
  expect(compileAddressMatcher([])).toBeNull();
});

test("an invalid range is refused", () => {
  expect(() => matcherOf(["10.0.0.0/8", "10.1"])).toThrow(expect.objectContaining({ code: "ERR_INVALID_ADDRESS" }));
});

describe("an address, an IPv4 range and an IPv6 range", () => {
  const matcher = matcherOf(["10.0.0.42", "192.168.1.0/24", "2001:db8::/32"]);

  test.each([
    ["10.0.0.42", true],
    ["192.168.1.42", true],
    ["10.0.0.255", false],
    ["::ffff:10.0.0.42", true],
    ["::ffff:a00:2a", true],
    ["::10.0.0.42", false],
    ["110.0.0.42", false],
    ["192.168.0.255", false],
    ["192.168.2.0", false],
    ["2001:db8::1", true],
    ["2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true],
    ["2001:db9::", false],
    ["2001:db7:ffff::", false],
    ["fe80::1%eth0", false],
    ["10.0.0.042", false],
    ["nonsense", false],
    ["", false],
  ])("%s: %s", (address, expected) => {
    expect(matcher.match(address)).toBe(expected);
    expect(matcher.explain(address) !== null).toBe(expected);
  });
});

test("a zone does not exclude an address from its range", () => {
  expect(matcherOf(["fe80::/10"]).match("fe80::1%eth0")).toBe(true);
});

test("a range of one family does not match the other", () => {
  expect(matcherOf(["::/0"]).match("10.0.0.1")).toBe(false);
  expect(matcherOf(["0.0.0.0/0"]).match("::1")).toBe(false);
  expect(matcherOf(["0.0.0.0/0"]).match("255.255.255.255")).toBe(true);
  expect(matcherOf(["::/0"]).match("ffff::")).toBe(true);
});

test("the widest matching range is returned, and the first of equal ones", () => {
  const matcher = matcherOf([
    "10.1.0.0/16",
    "10.0.0.0/16",
    "10.0.0.0/8",
    "10.9.9.9/8",
    "2001:db8::/48",
    "2001:db8::/32",
  ]);
  expect(matcher.explain("10.1.2.3")?.description).toBe("rule 2");
  expect(matcher.explain("10.0.0.1")?.description).toBe("rule 2");
  expect(matcher.explain("2001:db8::1")?.description).toBe("rule 5");
});

const edge = fc.constantFrom(0n, 1n, 255n, 256n, 65535n, 65536n);

/** Generates addresses from a few prefixes, so that ranges nest and touch, and addresses lie on their edges. */
function addressBits(size: number): fc.Arbitrary<bigint> {
  const top = 2n ** BigInt(size);
  const near = fc
    .tuple(fc.nat({ max: 7 }), edge, fc.boolean())
    .map(([head, tail, below]) => ((BigInt(head) << BigInt(size - 3)) + (below ? top - tail : tail)) % top);
  return fc.oneof(near, fc.bigInt({ min: 0n, max: top - 1n }));
}

function textOf(bits: bigint, size: number): string {
  const [count, width] = size === 32 ? [4, 8n] : [8, 16n];
  const parts = Array.from({ length: count }, (_, i) => (bits >> (BigInt(count - 1 - i) * width)) & (2n ** width - 1n));
  return parts.map((part) => part.toString(size === 32 ? 10 : 16)).join(size === 32 ? "." : ":");
}

test.each([32, 128])("with %i bits, the matcher agrees with comparing all ranges", (size) => {
  const range = fc.tuple(addressBits(size), fc.oneof(fc.nat({ max: size }), fc.integer({ min: size - 2, max: size })));
  fc.assert(
    fc.property(
      fc.array(range, { minLength: 1, maxLength: 40 }),
      fc.array(addressBits(size), { minLength: 1, maxLength: 10 }),
      (ranges, addresses) => {
        // Mapped addresses change the family; another test covers them.
        fc.pre(
          size === 32 || [...addresses, ...ranges.map(([start]) => start)].every((bits) => bits >> 32n !== 0xffffn),
        );
        const matcher = matcherOf(ranges.map(([start, prefix]) => `${textOf(start, size)}/${prefix}`));
        for (const address of [...addresses, ...ranges.map(([start]) => start)]) {
          const holding = ranges
            .map(([start, prefix], i) => ({ start, prefix, i }))
            .filter(({ start, prefix }) => (start ^ address) >> BigInt(size - prefix) === 0n)
            .sort((a, b) => a.prefix - b.prefix || a.i - b.i);
          expect(matcher.match(textOf(address, size))).toBe(holding.length > 0);
          const told = matcher.explain(textOf(address, size))?.description;
          expect(told).toBe(holding[0] === undefined ? undefined : `rule ${holding[0].i}`);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("the matcher finds each of 20,000 ranges, and no address between them", () => {
  const ranges = Array.from({ length: 20_000 }, (_, i) => `${1 + (i >> 8)}.${i & 255}.7.0/24`);
  const matcher = matcherOf(ranges);
  for (let i = 0; i < ranges.length; i++) {
    const head = `${1 + (i >> 8)}.${i & 255}`;
    expect(matcher.explain(`${head}.7.200`)?.range).toBe(ranges[i]);
    expect(matcher.match(`${head}.6.255`) || matcher.match(`${head}.8.0`)).toBe(false);
  }
});
