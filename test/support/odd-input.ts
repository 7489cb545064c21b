import fc from "fast-check";

const ODD_TEXTS = [
  ...["", "\0", "\ud800", "a\udc00b", "__proto__", "constructor", "\u2028", "a\r\nb", "😀", "x".repeat(100_000)],
  ...["*", "-", "--", "2h", "never", "/a/*", "re:(", "10.0.0.0/8", "shop.example", "2026-12-01T06:00:00Z"],
];

/** Values that JavaScript callers pass although the type forbids them, and unusual values that it allows. */
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[undefined, null, Number.NaN, -0, 1e308, 10n, Symbol("x"), () => {}, new Date(0), new Map(), [], {}],
    ...ODD_TEXTS,
    Object.create(null),
    JSON.parse('{ "__proto__": { "mode": "closed" } }'),
  ),
  fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withSparseArray: true, maxDepth: 2 }),
);

/** Odd values that JSON can represent. */
export const oddJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, -1, 1e308, true, [], {}, [[]], ...ODD_TEXTS),
  fc.jsonValue({ maxDepth: 2, stringUnit: "binary" }),
);

/** Odd strings. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...ODD_TEXTS),
  fc.string({ unit: "binary", maxLength: 40 }),
);

/** Texts for people, with arbitrary characters. */
export const words: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("\ud83d", "deploy 😀", "\0"),
);

/** Generates values of `base`, values of `base` with one odd member, and, rarely, an odd value alone. */
export function spoiled<T extends object>(
  base: fc.Arbitrary<T>,
  odd: fc.Arbitrary<unknown> = oddValue,
): fc.Arbitrary<unknown> {
  const names = fc.oneof(
    base.map((value) => Object.keys(value)[0] ?? "x"),
    fc.constantFrom("userId", "__proto__", "at"),
  );
  const withOne = fc
    .tuple(
      base,
      fc.oneof(
        names,
        base.chain((value) => fc.constantFrom("x", ...Object.keys(value))),
      ),
      odd,
    )
    .map(([value, name, member]) => Object.defineProperty({ ...value }, name, { value: member, enumerable: true }));
  return fc.oneof({ weight: 3, arbitrary: base }, { weight: 4, arbitrary: withOne }, { weight: 1, arbitrary: odd });
}
