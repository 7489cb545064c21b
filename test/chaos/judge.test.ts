import { expect, test } from "vitest";
import { type Admission, judge, parseAdmissions, type RoundFacts } from "./judge.ts";

const NONE = { P1: 0, P2: 0, P3: 0, free: 0 };

const admitted = (pid: number, entered: bigint, ended: bigint | null): Admission => ({
  pid,
  arrived: entered,
  entered,
  ended,
});

function round(exit: 0 | 5 | 6, admissions: readonly Admission[], more: Partial<RoundFacts> = {}): RoundFacts {
  const outcome = { exit, returned: "100", evicted: exit === 5 ? [9] : [] };
  return {
    outcome,
    admissions,
    killed: new Map(),
    changes: [{ began: 200n, ended: 210n }],
    isEveryProcessFree: true,
    ...more,
  };
}

test("counts requests that enter between the return and the opening", () => {
  const admissions = [admitted(1, 50n, 60n), admitted(1, 150n, 160n), admitted(1, 250n, 260n)];
  expect(judge(round(0, admissions))).toEqual({ ...NONE, P1: 1 });
  expect(judge(round(5, admissions))).toEqual({ ...NONE, P1: 1 });
  expect(judge(round(6, admissions))).toEqual(NONE);
});

test("ends a promise with the first change by another process that ends after the return", () => {
  const admissions = [admitted(1, 150n, 160n)];
  const changedFrom = (began: bigint, ended: bigint) => ({
    changes: [
      { began, ended },
      { began: 200n, ended: 210n },
    ],
  });
  expect(judge(round(0, admissions, changedFrom(80n, 90n)))).toEqual({ ...NONE, P1: 1 });
  expect(judge(round(0, admissions, changedFrom(80n, 110n)))).toEqual(NONE);
  expect(judge(round(0, admissions, changedFrom(120n, 130n)))).toEqual(NONE);
});

test("counts requests that are under way at the return, and none of a process that had been killed", () => {
  const admissions = [admitted(1, 50n, 100n), admitted(1, 60n, 101n), admitted(2, 70n, null)];
  expect(judge(round(0, admissions, { killed: new Map([[2, 80n]]) }))).toEqual({ ...NONE, P2: 1 });
  expect(judge(round(0, admissions, { killed: new Map([[2, 120n]]) }))).toEqual({ ...NONE, P2: 2 });
  expect(judge(round(0, admissions))).toEqual({ ...NONE, P2: 2 });
});

test("counts what an evicted process admits by the arrival, and does not wait for its last requests", () => {
  const late = { pid: 9, arrived: 90n, entered: 150n, ended: null };
  expect(judge(round(5, [admitted(9, 50n, null), late]))).toEqual(NONE);
  expect(judge(round(5, [admitted(9, 150n, null)]))).toEqual({ ...NONE, P3: 1 });
});

test("counts a round after which a process is not free", () => {
  expect(judge(round(6, [], { isEveryProcessFree: false }))).toEqual({ ...NONE, free: 1 });
});

test("reads the lines of killed processes", () => {
  expect(parseAdmissions("+ 7 1 10 11\n+ 8 1 12 13\n- 7 1 20\n+ 7 2 3")).toEqual([
    { pid: 7, arrived: 10n, entered: 11n, ended: 20n },
    { pid: 8, arrived: 12n, entered: 13n, ended: null },
  ]);
});
