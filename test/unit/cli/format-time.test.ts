import { expect, test } from "vitest";
import { formatDistance, formatShortTime, formatSpan, formatTime } from "../../../src/cli/times/format-time.ts";

const NOW = Date.parse("2026-11-21T18:50:00Z");

test("a time is printed in full, with its zone, the time left, and in UTC", () => {
  const time = Date.parse("2026-11-21T21:00:00Z");
  expect(formatTime(time, { now: NOW, timeZone: "Europe/Berlin" })).toBe(
    "Saturday 21 November 2026, 22:00 Europe/Berlin (in 2 h 10 min; 2026-11-21T21:00:00Z)",
  );
  expect(formatTime(Date.parse("2026-12-01T05:00:00Z"), { now: NOW, timeZone: "UTC" })).toBe(
    "Tuesday 1 December 2026, 05:00 UTC (in 9 d 10 h; 2026-12-01T05:00:00Z)",
  );
});

test("a column has the date, then the hour, from 00 to 23", () => {
  expect(formatShortTime(Date.parse("2026-11-21T23:05:00Z"), "Europe/Berlin")).toBe("2026-11-22 00:05");
});

test.each([
  [0, "0 s"],
  [499, "0 s"],
  [90_000, "1 min 30 s"],
  [7_199_900, "2 h"],
  [3_600_000 + 59_000, "1 h"],
  [86_400_000 * 30 + 3_600_000, "30 d 1 h"],
])("%d ms are %s", (milliseconds, span) => {
  expect(formatSpan(milliseconds)).toBe(span);
});

test("a time in the past is printed as the time since then", () => {
  expect(formatDistance(NOW - 300_000, NOW)).toBe("5 min ago");
});
