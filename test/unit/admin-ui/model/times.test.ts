import { describe, expect, test } from "vitest";
import { formats } from "../../../../admin-ui/src/language/current.ts";
import { createFormats } from "../../../../admin-ui/src/language/formats.ts";
import { endOf, instantOf, localInputValue } from "../../../../admin-ui/src/model/end-choice.ts";
import { en } from "../../../../admin-ui/src/texts/en.ts";
import { createWords } from "../../../../src/admin/page/words.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = new Date(2026, 4, 14, 21, 40, 30).getTime();

describe("the end of a closure", () => {
  test("is absent, the stored end, or a duration from now", () => {
    expect(endOf({ kind: "never" }, NOW, 1)).toBe(null);
    expect(endOf({ kind: "as-now" }, NOW, 1)).toBe(1);
    expect(endOf({ kind: "after", minutes: 30 }, NOW + 1, null)).toBe(NOW + 30 * MINUTE);
  });

  test('is at six in the morning for "tomorrow"', () => {
    expect(endOf({ kind: "tomorrow" }, NOW, null)).toBe(new Date(2026, 4, 15, 6).getTime());
  });

  test("is in local time for a day and an hour, and must exist and be in the future", () => {
    const end = endOf({ kind: "at", local: "2026-05-14T23:00" }, NOW, null);
    expect(end).toBe(new Date(2026, 4, 14, 23).getTime());
    expect(endOf({ kind: "at", local: "" }, NOW, null)).toMatch(/^Enter a date/);
    expect(endOf({ kind: "at", local: "2026-05-14T21:00" }, NOW, null)).toMatch(/has passed/);
  });

  test("is sent in UTC to the second, and shown in local time", () => {
    expect(instantOf(Date.UTC(2026, 4, 14, 20, 0, 0, 999))).toBe("2026-05-14T20:00:00Z");
    expect(localInputValue(NOW)).toBe("2026-05-14T21:40");
  });
});

test.each([
  [20_000, "less than a minute"],
  [MINUTE, "1 minute"],
  [2 * HOUR - 1_000, "2 hours"],
  [90 * MINUTE, "1 hour 30 minutes"],
  [3 * DAY + 2 * HOUR, "3 days 2 hours"],
])("%d milliseconds are %s", (milliseconds, words) => {
  expect(formats().span(milliseconds)).toBe(words);
});

test.each([
  [0, "just now"],
  [MINUTE, "1 minute ago"],
  [5 * HOUR, "5 hours ago"],
  [2 * DAY, "2 days ago"],
  [-MINUTE, "just now"],
])("%d milliseconds ago is %s", (passed, words) => {
  expect(formats().ago(NOW - passed, NOW)).toBe(words);
});

test.each([
  [new Date(2026, 4, 14, 23, 40), "23:40"],
  [new Date(2026, 4, 15, 6, 0), "tomorrow 06:00"],
  [new Date(2026, 4, 13, 6, 0), "yesterday 06:00"],
  [new Date(2026, 4, 20, 6, 0), "Wed 20 May, 06:00"],
  [new Date(2027, 0, 1, 0, 0), "Fri, 1 Jan 2027, 00:00"],
])("formats the hour of %s", (moment, words) => {
  expect(formats().hour(moment.getTime(), NOW)).toBe(words);
});

test("formats hours as is usual in the reader's region", () => {
  const { time } = en(createWords("en-US"));
  const at = (hour: number): string => createFormats("en-US", time).hour(new Date(2026, 4, 14, hour).getTime(), NOW);
  expect([at(6), at(17)].map((words) => words.replaceAll("\u202f", " "))).toEqual(["6:00 AM", "5:00 PM"]);
});
