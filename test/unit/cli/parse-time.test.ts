import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatShortTime } from "../../../src/cli/times/format-time.ts";
import { parseTime } from "../../../src/cli/times/parse-time.ts";
import { parseDuration } from "../../../src/state/duration.ts";
import { formatInstant } from "../../../src/state/instant.ts";

const BERLIN = "Europe/Berlin";
/** A Saturday, 19:50 in Berlin. */
const NOW = Date.parse("2026-11-21T18:50:00Z");

function read(text: string, now: number | string = NOW, timeZone: string = BERLIN): string {
  return formatInstant(parseTime(text, { now: typeof now === "string" ? Date.parse(now) : now, timeZone }).time);
}

describe("a time as users write it", () => {
  test.each([
    ["22:00", "2026-11-21T21:00:00Z"],
    ["19:00", "2026-11-22T18:00:00Z"],
    ["19:50", "2026-11-22T18:50:00Z"],
    ["7:05", "2026-11-22T06:05:00Z"],
    ["22:00:30", "2026-11-21T21:00:30Z"],
    ["22:00 America/New_York", "2026-11-22T03:00:00Z"],
    ["13:00 america/new_york", "2026-11-22T18:00:00Z"],
    ["22:00 UTC", "2026-11-21T22:00:00Z"],
    ["22:00 +05:30", "2026-11-22T16:30:00Z"],
    ["today 20:30", "2026-11-21T19:30:00Z"],
    ["tomorrow 03:00", "2026-11-22T02:00:00Z"],
    ["Tomorrow  03:00  Europe/Berlin", "2026-11-22T02:00:00Z"],
    ["tomorrow 03:00 Asia/Tokyo", "2026-11-22T18:00:00Z"],
    ["monday 06:00", "2026-11-23T05:00:00Z"],
    ["saturday 20:00", "2026-11-21T19:00:00Z"],
    ["sat 06:00", "2026-11-28T05:00:00Z"],
    ["2026-12-01 06:00", "2026-12-01T05:00:00Z"],
    ["2026-12-01T06:00", "2026-12-01T05:00:00Z"],
    ["2026-12-01 06:00 America/New_York", "2026-12-01T11:00:00Z"],
    ["2026-12-01T06:00:00Z", "2026-12-01T06:00:00Z"],
    ["2026-12-01T06:00Z", "2026-12-01T06:00:00Z"],
    ["2026-12-01 06:00:00+02:00", "2026-12-01T04:00:00Z"],
    ["2h", "2026-11-21T20:50:00Z"],
    ["in 2h", "2026-11-21T20:50:00Z"],
    ["90m", "2026-11-21T20:20:00Z"],
    ["1h30m", "2026-11-21T20:20:00Z"],
    ["2d", "2026-11-23T18:50:00Z"],
  ])("%s is %s", (text, instant) => {
    expect(read(text)).toBe(instant);
  });

  test("keeps the zone that it was written in", () => {
    const reference = { now: NOW, timeZone: BERLIN };
    expect(parseTime("22:00 asia/tokyo", reference).timeZone).toBe("Asia/Tokyo");
    expect(parseTime("22:00", reference).timeZone).toBe(BERLIN);
  });

  test("a duration ends on a whole second, and not too early", () => {
    expect(parseTime("1s", { now: NOW + 1, timeZone: "UTC" }).time).toBe(NOW + 2_000);
  });

  test("reads the formats of the state and of tables", () => {
    const future = fc.integer({ min: 1, max: 20 * 365 * 1_440 }).map((minutes) => NOW + minutes * 60_000);
    const zones = fc.constantFrom("UTC", BERLIN, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe");
    fc.assert(
      fc.property(future, zones, (time, timeZone) => {
        const reference = { now: NOW, timeZone: "UTC" };
        expect(parseTime(formatInstant(time), reference).time).toBe(time);
        const again = parseTime(`${formatShortTime(time, timeZone)} ${timeZone}`, reference);
        if (again.remark === null) expect(again.time).toBe(time);
        else expect(again.time - time).toBeLessThanOrEqual(3_600_000);
      }),
    );
  });
});

describe("a change of the clocks", () => {
  test.each([
    [BERLIN, "2026-03-28T12:00:00Z", "02:30", "2026-03-29T01:30:00Z", "03:30 counts"],
    ["America/New_York", "2026-03-07T12:00:00Z", "tomorrow 02:30", "2026-03-08T07:30:00Z", "03:30 counts"],
  ])("in %s moves an hour that does not exist forward", (zone, now, text, instant, remark) => {
    expect(read(text, now, zone)).toBe(instant);
    expect(parseTime(text, { now: Date.parse(now), timeZone: zone }).remark).toContain(remark);
  });

  test.each([
    [BERLIN, "2026-10-24T12:00:00Z", "02:30", "2026-10-25T01:30:00Z"],
    ["America/New_York", "2026-10-31T12:00:00Z", "sunday 01:30", "2026-11-01T06:30:00Z"],
    // Now is between the two occurrences, and the later one is still to come.
    [BERLIN, "2026-10-25T00:45:00Z", "02:30", "2026-10-25T01:30:00Z"],
  ])("in %s takes the later of an hour that occurs twice", (zone, now, text, instant) => {
    expect(read(text, now, zone)).toBe(instant);
    expect(parseTime(text, { now: Date.parse(now), timeZone: zone }).remark).toContain("comes twice");
  });

  test("does not change a day of 24 hours, and moves tomorrow's clock time", () => {
    expect(read("1d", "2026-03-28T12:00:00Z")).toBe("2026-03-29T12:00:00Z");
    expect(read("tomorrow 13:00", "2026-03-28T12:00:00Z")).toBe("2026-03-29T11:00:00Z");
  });
});

describe("an invalid time is refused", () => {
  test.each([
    ["today 18:00", "is in the past"],
    ["2020-01-01 06:00", "is in the past"],
    ["2020-01-01T06:00:00Z", "is in the past"],
    ["25:00", "'25:00' is not a valid date or time"],
    ["10:99", "'10:99' is not a valid date or time"],
    ["2026-02-30 10:00", "is not a valid date or time"],
    ["2026-02-30T10:00:00Z", "is not an RFC 3339 time"],
    ["tomorrow", "'tomorrow' is not a time"],
    ["soon", "'soon' is not a time"],
    ["", "'' is not a time"],
    ["10pm", "'10pm' is not a time"],
    ["2y", "'2y' is not a time"],
    ["0h", "'0h' is zero"],
    ["53w", "'53w' is more than a year"],
    ["999999999w", "is more than a year"],
    ["22:00 Mars/Olympus", "'Mars/Olympus' is not a time zone"],
  ])("%s", (text, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: "ERR_INVALID_TIME", message: expect.stringContaining(message) }),
    );
  });

  test.each([
    ["22:00 Berlin", "Did you mean 'Europe/Berlin'?"],
    ["22:00 Europe/Berln", "Did you mean 'Europe/Berlin'?"],
    ["22:00 new york", "Did you mean 'America/New_York'?"],
  ])("%s, with the most similar zone", (text, hint) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ hint }));
  });

  test("any text is a time in the future or ERR_INVALID_TIME", () => {
    const pieces = fc.constantFrom(
      "tomorrow",
      "22:00",
      "2h",
      "in",
      "Europe/Berlin",
      "2026-12-01",
      "T",
      "Z",
      ":",
      " ",
      "é",
      "9999999",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((list) => list.join(" ")),
        ),
        (text) => {
          try {
            expect(parseTime(text, { now: NOW, timeZone: BERLIN }).time).toBeGreaterThan(NOW);
          } catch (error) {
            expect(error).toMatchObject({ code: "ERR_INVALID_TIME" });
          }
        },
      ),
    );
  });
});

test("durations are added up, in milliseconds", () => {
  expect(parseDuration("1w 2d 3h 4m 5s")).toBe(((((7 + 2) * 24 + 3) * 60 + 4) * 60 + 5) * 1_000);
  expect(() => parseDuration("2 x")).toThrow("'2 x' is not a duration");
});
