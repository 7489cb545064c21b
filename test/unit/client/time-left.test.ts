import fc from "fast-check";
import { expect, test } from "vitest";
import { sayTimeLeft } from "../../../src/client/maintenance-notice.ts";

const NOW = Date.parse("2026-05-14T19:00:00Z");
const HOUR = 3_600_000;

const hourOf = (until: number, language?: string) =>
  new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(until);

test.each([
  [1, "in 1 minute"],
  [HOUR / 60, "in 1 minute"],
  [HOUR / 2, "in 30 minutes"],
  [HOUR / 2 + 1, "in 31 minutes"],
  [2 * HOUR - 60_000, "in 119 minutes"],
  [2 * HOUR, "in 2 hours"],
  [72 * HOUR, "in 72 hours"],
])("%i ms before the end, it is '%s', and the hour", (left, expected) => {
  expect(sayTimeLeft(NOW + left, NOW, "en-GB")).toBe(`${expected} · ${hourOf(NOW + left, "en-GB")}`);
});

test("both are in the document's language", () => {
  expect(sayTimeLeft(NOW + HOUR, NOW, "de")).toBe(`in 60 Minuten · ${hourOf(NOW + HOUR, "de")}`);
});

test.each([NOW, NOW - 1, Number.NaN])("an end in the past or unknown (%d) is not shown", (until) => {
  expect(sayTimeLeft(until, NOW, "en")).toBe("");
});

test("the time is shown even if the document's language is invalid", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom("", "en_US", "x", "de-DE-u-co-phonebk")), (language) => {
      expect(sayTimeLeft(NOW + HOUR, NOW, language)).toContain(" · ");
    }),
  );
});
