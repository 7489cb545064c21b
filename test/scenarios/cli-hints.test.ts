import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileStore } from "../../src/stores/file.ts";
import { BIN, type CliProject, createCliProject, runCli } from "./cli-project.ts";

// Each test follows a hint and checks that it works.

let project: CliProject;

beforeEach(() => {
  project = createCliProject();
});

afterEach(() => project.remove());

describe("a refused path pattern", () => {
  test.each([
    ["^/api/", "/api/users"],
    ["^api/|^hooks/", "/hooks/pay"],
    ["*.txt", "/robots.txt"],
    ["/files/*.txt", "/files/a.txt"],
    ["files/*", "/files/a"],
    ["health", "/health"],
    ["/blog*", "/blog/post"],
    ["/api/(v1|v2)", "/api/v2"],
    ["https://shop.example/help", "/help"],
    ["/cart?step=1", "/cart"],
  ])("'%s' is refused with one that matches %s", async (pattern, path) => {
    const refused = await project.run("exempt", "add", "--path", pattern);
    expect(refused.code).toBe(1);
    const [, suggested = ""] = /(?:Write|path:)(?: only the path:)? '([^']+)'/.exec(refused.stderr) ?? [];
    expect((await project.run("exempt", "add", "--path", suggested)).stderr).toBe("");
    const { output } = await project.json("explain", `https://shop.example${path}`, "--if", "closed");
    expect(output).toMatchObject({ decision: { reason: "path", rule: { text: suggested } } });
    const other = await project.json("explain", "https://shop.example/other/page.html", "--if", "closed");
    expect(other.output).not.toMatchObject({ decision: { reason: "path" } });
  });
});

test.each([
  ["close", "on"],
  ["open", "off"],
  ["down", "on"],
  ["up", "off"],
  ["2hours", "on --for 2h"],
  ["30 minutes", "on --for 30m"],
  ["statsu", "status"],
])("'%s' is not a command, and '%s' is suggested", async (typed, meant) => {
  const { code, stderr } = await project.run(typed);
  expect(code).toBe(1);
  expect(stderr).toContain(`Did you mean '${meant}'?`);
  expect((await project.run(...meant.split(" "))).code).toBe(0);
});

test.each([["--for"], ["--until"]])("%s 2hours is not a time, and 2h is suggested", async (option) => {
  const { stderr } = await project.run("on", option, "2hours");
  expect(stderr).toContain("Did you mean '2h'?");
  expect((await project.run("on", option, "2h")).code).toBe(0);
});

test('a number that is too large is not called "not a number"', async () => {
  const { stderr } = await project.run("on", "--retry-after", "99999999999");
  expect(stderr).toContain("--retry-after: '99999999999' is too large.");
  expect((await project.run("on", "--retry-after", "60")).code).toBe(0);
});

test("--retry-after accepts seconds or a duration, and its hint names the intended one", async () => {
  expect((await project.run("on", "--retry-after", "2hours")).stderr).toContain("Did you mean '2h'?");
  expect((await project.run("on", "--retry-after", "2h")).code).toBe(0);
  expect((await project.run("on", "--retry-after", "soon")).stderr).toContain("or a duration, such as '2h'");
});

test("--redirect without a slash is refused with a path", async () => {
  expect((await project.run("on", "--redirect", "down")).stderr).toContain("a path of the site, such as '/down'");
  expect((await project.run("on", "--redirect", "/down")).code).toBe(0);
});

test.each([
  ['{ "statusCode": "503" }', "Write 503.", '{ "statusCode": 503 }'],
  ['{ "ignoreCase": "True" }', "Write true.", '{ "ignoreCase": true }'],
  ['{ "whenNeverLoaded": "Closed" }', "Did you mean 'closed'?", '{ "whenNeverLoaded": "closed" }'],
])("%s is refused with the intended value", async (given, hint, fixed) => {
  project.put("maintenance.config.json", given);
  expect((await project.run("status")).stderr).toContain(hint);
  project.put("maintenance.config.json", fixed);
  expect((await project.run("status")).code).toBe(0);
});

test("an unknown right is refused with the known ones", async () => {
  const make = (may: string) => project.run("token", "create", "--name", "ci", "--may", may);
  expect((await make("all")).stderr).toContain("Write one of: view, switch, edit, links, access.");
  expect((await make("veiw")).stderr).toContain("Did you mean 'view'?");
  expect((await make("view,switch,edit,links,access")).code).toBe(0);
});

test("a configuration in CommonJS is read", async () => {
  rmSync(join(project.folder, "maintenance.config.json"));
  project.put("maintenance.config.cjs", 'module.exports = { sites: { shop: { hosts: ["shop.example"] } } };');
  expect((await project.json("status", "shop")).output).toMatchObject({ sites: [{ id: "shop" }] });
});

test("for a symbolic link, the hint names the folder in which the lock is needed", async () => {
  mkdirSync(join(project.folder, "data"));
  symlinkSync("/proc/self", join(project.folder, "data/gone"));
  symlinkSync("data/gone/state.json", join(project.folder, "state.json"));
  const store = fileStore({ path: join(project.folder, "state.json") });
  const change = { lineage: "x", command: "close", records: [], at: "2026-11-21T12:00:00Z", reason: "" };
  const tried = store.commit({ ...change, by: { kind: "cli", label: "ada" } }).catch((error: unknown) => error);
  const { hint } = (await tried) as { readonly hint: string };
  expect(hint).not.toContain(`the folder '${project.folder}' too`);
});

test("outside of a project, --config uses the state of the named file's application", async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), "elsewhere-"));
  try {
    const refused = await runCli(elsewhere, {}, ["on"]);
    expect(refused.stderr).toContain("name its configuration with --config PATH");
    const config = join(project.folder, "maintenance.config.json");
    expect((await runCli(elsewhere, {}, ["on", "shop", "--config", config])).stdout).toContain(project.stateFile);
    expect((await project.json("status", "shop")).output).toMatchObject({ sites: [{ id: "shop", mode: "closed" }] });
    const copied = await runCli(elsewhere, {}, ["copy", "--from", config, "--to", "file:copy.json", "--dry-run"]);
    expect(copied.stdout).toContain(project.stateFile);
    expect(await project.run("off", "shop")).toMatchObject({ code: 0 });
    expect(existsSync(join(elsewhere, ".maintenance"))).toBe(false);
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

test("in another project, --config uses the state of the named file's application", async () => {
  const other = createCliProject();
  try {
    const config = join(project.folder, "maintenance.config.json");
    expect((await other.run("on", "shop", "--config", config)).stdout).toContain(project.stateFile);
    expect((await project.run("off", "shop")).stdout).toContain("shop is open now");
    expect(existsSync(other.stateFile)).toBe(false);
  } finally {
    other.remove();
  }
});

test("on an old Node.js, the command line prints the code and the fix", () => {
  const versions = '{ ...process.versions, node: "20.20.2" }';
  const preload = `data:text/javascript,Object.defineProperty(process, "versions", { value: ${versions} })`;
  const { status, stderr } = spawnSync(process.execPath, ["--import", preload, BIN, "status"], { encoding: "utf8" });
  expect([status, stderr]).toEqual([
    1,
    "Error: maintenance-mode needs Node.js 22.18 or newer; this is 20.20.2. [ERR_NODE_TOO_OLD]\nInstall a newer Node.js, 24 for example, and start the program with it.\n",
  ]);
});
