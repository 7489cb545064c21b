import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Admission, Admissions } from "./admissions.ts";
import { judge, type RoundFacts } from "./judge.ts";

const NONE = { P1: 0, P2: 0, P3: 0, free: 0 };

const admitted = (pid: number, entered: bigint, ended: bigint | null): Admission => ({
  pid,
  arrived: entered,
  entered,
  ended,
});

function round(exit: 0 | 5 | 6, admissions: readonly Admission[], more: Partial<RoundFacts> = {}): RoundFacts {
  const outcome = { exit, returned: "100", looked: "90", evicted: exit === 5 ? [9] : [] };
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

test("ends a promise with the first change by another process that ends after the last look", () => {
  const admissions = [admitted(1, 150n, 160n)];
  const changedFrom = (began: bigint, ended: bigint) => ({
    changes: [
      { began, ended },
      { began: 200n, ended: 210n },
    ],
  });
  expect(judge(round(0, admissions, changedFrom(70n, 80n)))).toEqual({ ...NONE, P1: 1 });
  expect(judge(round(0, admissions, changedFrom(80n, 95n)))).toEqual(NONE);
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

test("does not count requests under way that were let in after the site was opened again", () => {
  const changes = [{ began: 92n, ended: 94n }];
  expect(judge(round(0, [admitted(1, 93n, 101n)], { changes }))).toEqual(NONE);
  expect(judge(round(0, [admitted(1, 91n, 101n)], { changes }))).toEqual({ ...NONE, P2: 1 });
});

test("reads the lines of killed processes, and the ends of earlier requests", async () => {
  const folder = await mkdtemp(join(tmpdir(), "admissions-"));
  const path = join(folder, "log");
  const admissions = new Admissions(path);
  try {
    await appendFile(path, "+ 7 1 10 11\n+ 8 1 12 13\n- 7 1 20\n+ 7 2 3");
    const open = { pid: 8, arrived: 12n, entered: 13n, ended: null };
    expect(admissions.read()).toEqual([{ pid: 7, arrived: 10n, entered: 11n, ended: 20n }, open]);
    expect(admissions.read()).toEqual([open]);
    await appendFile(path, "0 31\n- 8 1 40\n");
    expect(admissions.read()).toEqual([
      { ...open, ended: 40n },
      { pid: 7, arrived: 30n, entered: 31n, ended: null },
    ]);
    admissions.forget(7);
    expect(admissions.read()).toEqual([]);
  } finally {
    admissions.close();
    await rm(folder, { recursive: true });
  }
});
