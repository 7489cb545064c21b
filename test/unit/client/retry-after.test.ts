import { expect, test } from "vitest";
import { secondsOf } from "../../../src/client/maintenance-info.ts";

const NOW = Date.parse("1994-11-06T08:49:00Z");

test.each([
  ["120", 120],
  ["0", 0],
  ["Sun, 06 Nov 1994 08:49:37 GMT", 37],
  ["Sunday, 06-Nov-94 08:49:37 GMT", 37],
  ["Sun, 06 Nov 1994 08:48:00 GMT", 0],
])("'%s' is %i seconds", (value, seconds) => {
  expect(secondsOf(value, NOW)).toBe(seconds);
});

test.each([
  "",
  "-1",
  "1.5",
  "60, 60",
  "soon",
  "Sun",
  "Sun, 99 Nov 1994 08:49:37 GMT",
  "1994-11-06T08:49:37Z",
  "9".repeat(400),
])("'%s' is not a time", (value) => {
  expect(secondsOf(value, NOW)).toBeNaN();
});
