import { expect, test } from "vitest";
import { activeMode, nextEdge } from "../../../src/schedule/timetable.ts";

test("a mode applies up to its end, and not at it", () => {
  expect(activeMode({ mode: "closed", until: 1_000 }, 999)).toBe("closed");
  expect(activeMode({ mode: "closed", until: 1_000 }, 1_000)).toBe("open");
  expect(activeMode({ mode: "closed", until: Number.POSITIVE_INFINITY }, 8.64e15)).toBe("closed");
});

test("the next edge is the first future end of a site that is not open", () => {
  const timetables = [
    { mode: "closed", until: 3_000 },
    { mode: "read-only", until: 2_000 },
    { mode: "open", until: 1_500 },
    { mode: "closed", until: 1_000 },
    { mode: "closed", until: Number.POSITIVE_INFINITY },
  ] as const;
  expect(nextEdge(timetables, 1_000)).toBe(2_000);
  expect(nextEdge(timetables, 3_000)).toBe(Number.POSITIVE_INFINITY);
});
