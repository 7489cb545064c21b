import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createController } from "../../src/control/controller.ts";
import { fileStore } from "../../src/stores/file.ts";
import { type CliInProcess, cliInProcess } from "../unit/cli/cli-in-process.ts";

const COUNT = 100_000;
const BY = { kind: "program", label: "deploy" } as const;
/** Of `status`: 100 rows, what is closed, and a line on the processes that follow. */
const MAX_LINES = 121;

let cli: CliInProcess;

beforeAll(() => {
  cli = cliInProcess();
  cli.members = `sites: Object.fromEntries(Array.from({ length: ${COUNT} }, (_, at) => ["site-" + at, { hosts: ["s" + at + ".example"] }]))`;
  const sites = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`site-${at}`, { mode: "closed" }]));
  writeFileSync(cli.stateFile, JSON.stringify({ sites }));
});
afterAll(() => cli.remove());

const linesOf = (text: string): readonly string[] => text.trimEnd().split("\n");

test("status shows the closed sites, and counts the others", async () => {
  const { code, written } = await cli.start(["status"]);
  expect(code).toBe(2);
  expect(linesOf(written.stdout).length).toBeLessThan(MAX_LINES);
  expect(written.stdout).toMatch(/^\* \(everything\) +open/m);
  expect(written.stdout).toMatch(/^site-0 +closed/m);
  expect(written.stdout).toContain("99,901 more sites: 99,000 open, 901 not open. Name one, or add --json.");
});

test("status --json has every site", async () => {
  const { sites } = JSON.parse((await cli.start(["status", "--json"])).written.stdout);
  expect(sites).toHaveLength(COUNT + 1);
});

test("status shows every site that is named", async () => {
  const named = Array.from({ length: 150 }, (_, at) => `site-${50_000 + at}`);
  const { written } = await cli.start(["status", ...named]);
  for (const site of named) expect(written.stdout).toMatch(new RegExp(`^${site} +open$`, "m"));
});

test("an unknown site is refused with some of the known ones", async () => {
  const { code, written } = await cli.start(["on", "warehouse"]);
  expect(code).toBe(1);
  expect(written.stderr).toContain("There is no site 'warehouse'.");
  expect(written.stderr).toMatch(/Known sites: \*, site-0, .* and 99,991 more\. Add it with/);
});

test("opening everything names some of the sites that are still closed", async () => {
  const { written } = await cli.start(["off", "--dry-run"]);
  expect(linesOf(written.stdout).length).toBeLessThan(20);
  expect(written.stdout).toMatch(/^990 more are still closed: maintenance-mode --config \S+ status$/m);
});

test("doctor names some of the sites without exemptions", async () => {
  const { written } = await cli.start(["doctor"], { now: "2026-11-21T18:50:00Z" });
  expect(written.stdout).toMatch(/no one gets in to everything \(\*\), site-0, .* and 99,991 more$/m);
});

test("the history of a change of every site shows some of them, including the requested one", async () => {
  const ids = Array.from({ length: 5_000 }, (_, at) => `site-${at}`);
  const store = fileStore({ path: cli.stateFile });
  const sites = Object.fromEntries(ids.map((id) => [id, {}]));
  await createController({ store, sites }).execute({ type: "close", sites: ids, reason: "all of them" }, BY);
  await store.close();
  const { written } = await cli.start(["history", "--site", "site-4999"]);
  expect(written.stdout).toContain("site-4999 closed");
  expect(linesOf(written.stdout).length).toBeLessThan(MAX_LINES);
  expect(written.stdout).toContain("and 4,980 more sites");
});
