import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { Run } from "../../bench/report/row.ts";
import { requireService } from "../support/require-service.ts";

const BENCH = join(import.meta.dirname, "../../bench");
const INSTALL = "npm ci --prefix bench";

/** One short measurement of each kind, so that the bench keeps running. What it measures is not checked. */
async function runQuickly(sections: readonly string[]): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), "maintenance-bench-"));
  const file = join(folder, "run.json");
  try {
    const program = join(BENCH, "run.ts");
    await promisify(execFile)(process.execPath, [program, "--quick", "--json", file, ...sections]);
    return JSON.parse(await readFile(file, "utf8")) as Run;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function expectFigures({ sections }: Run, names: readonly string[]): void {
  expect(sections.map(({ name }) => name)).toEqual(names);
  for (const { rows } of sections) {
    expect(rows.length).toBeGreaterThan(0);
    for (const { what, measured } of rows) expect(measured.value, what).toBeGreaterThan(0);
  }
}

test("the bench measures an open and a closed site over HTTP", async () => {
  const sections = ["http-first-second", "http-open"];
  expectFigures(await runQuickly(sections), sections);
});

requireService(
  "a package of the bench",
  INSTALL,
  existsSync(join(BENCH, "node_modules")),
)("with other frameworks and middleware", () => {
  test("the bench compares them over HTTP", async () => {
    const sections = ["http-closed", "http-peers"];
    expectFigures(await runQuickly(sections), sections);
  });
});
