import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CliProject, createCliProject } from "./cli-project.ts";

const SQLITE = fileURLToPath(new URL("../../dist/stores/sqlite.js", import.meta.url));
const configOver = (options: object): string =>
  `import { sqliteStore } from ${JSON.stringify(SQLITE)};
export default { sites: { shop: {} }, store: sqliteStore(${JSON.stringify(options)}) };`;

let project: CliProject;

beforeEach(() => {
  project = createCliProject();
});

afterEach(() => project.remove());

describe("copy", () => {
  test("copies the state with its history to another store, and reads it back", async () => {
    await project.run("on", "shop", "--message", "Back at nine", "--reason", "stocktaking");
    await project.run("off", "shop");
    await project.run("on", "blog");
    const rehearsed = await project.run("copy", "--to", "sqlite:copy.db", "--dry-run");
    expect(rehearsed).toMatchObject({ code: 0, stderr: "" });
    expect(rehearsed.stdout).toContain("Dry run: nothing was written.");
    const copied = await project.run("copy", "--to", "sqlite:copy.db");
    expect(copied).toMatchObject({ code: 0, stderr: "" });
    expect(copied.stdout).toContain("version 3: 2 records and 3 entries of history; read back, and identical.");
    project.put("maintenance.config.mjs", configOver({ path: join(project.folder, "copy.db") }));
    const there = ["--config", "maintenance.config.mjs"];
    expect((await project.run("status", ...there)).stdout).toMatch(/blog +closed/);
    expect((await project.run("history", ...there)).stdout).toContain("stocktaking");
    const back = await project.run("copy", "--from", "maintenance.config.mjs", "--to", "file:again.json");
    expect(back.stdout).toContain("3 entries of history; read back, and identical.");
    expect(JSON.parse(project.read("again.json")).sites).toEqual(
      JSON.parse(project.read(".maintenance/state.json")).sites,
    );
  });

  test("overwrites nothing without --replace", async () => {
    await project.run("on");
    await project.run("copy", "--to", "sqlite:copy.db");
    await project.run("off");
    const refused = await project.run("copy", "--to", "sqlite:copy.db");
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("already contains a state, at version 1.");
    expect(refused.stderr).toContain("--replace");
    expect(await project.run("copy", "--to", "sqlite:copy.db", "--replace")).toMatchObject({ code: 0 });
  });

  test.each([
    ["mongodb://me:secret@db.example/app", "There is no store for 'mongodb:'."],
    ["nowhere", "'nowhere' is neither a URL nor a configuration file."],
    ["missing.config.ts", "There is no configuration file"],
  ])("says why '%s' is not a store, and prints no password", async (to, message) => {
    const { code, stdout, stderr } = await project.run("copy", "--to", to);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("secret");
  });
});

test("a record that cannot be read is shown as such, and not as open", async () => {
  project.put("maintenance.config.mjs", configOver({ path: join(project.folder, "state.db") }));
  const run = (...line: string[]) => project.run("--config", "maintenance.config.mjs", ...line);
  await run("on", "shop");
  const database = new DatabaseSync(join(project.folder, "state.db"));
  database.exec("update maintenance_sites set text = 'nonsense' where id = 'shop'");
  database.close();
  const { code, stdout } = await run("status");
  expect(code).toBe(2);
  expect(stdout).toMatch(/^shop +cannot be read$/m);
  expect(stdout).toMatch(/^The record of 'shop': .*nonsense/m);
  expect(stdout).toContain("maintenance-mode --config maintenance.config.mjs doctor");
  const { sites } = JSON.parse((await run("status", "--json")).stdout);
  expect(sites).toContainEqual(
    expect.objectContaining({ id: "shop", mode: "closed", unreadable: expect.stringContaining("nonsense") }),
  );
  expect(sites).toContainEqual(expect.objectContaining({ id: "*", mode: "open", unreadable: null }));
  expect((await run("doctor")).stdout).toMatch(/✗ error {2}record of shop: .*nonsense/);
});

test("a history that cannot be read does not prevent status, and doctor reports it", async () => {
  project.put("maintenance.config.mjs", configOver({ path: join(project.folder, "state.db") }));
  const run = (...line: string[]) => project.run("--config", "maintenance.config.mjs", ...line);
  await run("on", "shop");
  await run("on", "shop", "--message", "Back at nine");
  const database = new DatabaseSync(join(project.folder, "state.db"));
  database.exec("update maintenance_change_records set before_text = 'nonsense' where version = 2");
  expect((await run("copy", "--to", "sqlite:copy.db")).stdout).toContain(
    "2 entries of history; read back, and identical.",
  );
  database.exec("update maintenance_changes set at = 'yesterday' where version = 1");
  database.close();
  expect((await run("status")).stdout).toMatch(/^shop +closed/m);
  expect(await run("on", "shop", "--message", "Back at ten")).toMatchObject({ code: 0, stderr: expect.anything() });
  expect((await run("history")).stderr).toContain("The change 1: 'yesterday' is no time. [ERR_STATE_UNREADABLE]");
  expect((await run("doctor")).stdout).toContain("error  history: The change 1: 'yesterday' is no time.");
});

describe("copy refuses", () => {
  test("a source that was never written, which would empty the target", async () => {
    await project.run("on");
    await project.run("copy", "--to", "file:kept.json");
    const refused = await project.run("copy", "--from", "file:misspelt.json", "--to", "file:kept.json", "--replace");
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("misspelt.json was never written: there is nothing to copy.");
    expect((await project.run("copy", "--from", "file:kept.json", "--to", "sqlite:there.db")).code).toBe(0);
  });

  test("to copy a store to itself", async () => {
    await project.run("on");
    await project.run("copy", "--to", "sqlite:copy.db");
    const before = project.read(".maintenance/state.json");
    const refused = await project.run("copy", "--to", "file:.maintenance/state.json", "--replace");
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("state.json already holds this state.");
    expect(project.read(".maintenance/state.json")).toBe(before);
    const again = await project.run("copy", "--from", "sqlite:copy.db", "--to", "sqlite:copy.db", "--replace");
    expect(again.stderr).toContain("copy.db already holds this state.");
  });
});

describe("migrate", () => {
  test("has nothing to do for a file", async () => {
    expect((await project.run("migrate")).stdout).toContain("needs no migrations.");
  });

  test("shows the SQL and the steps, runs them, and reverts them", async () => {
    project.put("maintenance.config.mjs", configOver({ path: join(project.folder, "state.db"), autoMigrate: false }));
    const run = (...line: string[]) => project.run(...line, "--config", "maintenance.config.mjs");
    expect((await run("on", "shop")).stderr).toContain("maintenance-mode migrate");
    expect((await run("migrate", "--print")).stdout).toMatch(/create table/i);
    const steps = (await run("migrate", "--dry-run")).stdout;
    expect(steps).toMatch(/would be done/);
    const database = new DatabaseSync(join(project.folder, "state.db"));
    const done = await run("migrate");
    expect(done).toMatchObject({ code: 0, stderr: "" });
    expect(done.stdout).toMatch(/^Done: /m);
    expect((await run("migrate")).stdout).not.toContain("Done: ");
    expect(await run("on", "shop")).toMatchObject({ code: 0 });
    database.exec("insert into maintenance_migrations values ('0099-later', '2099-01-01T00:00:00.000Z')");
    expect((await run("migrate", "--dry-run")).stderr).toContain("'0099-later', which this release does not know");
    database.exec("delete from maintenance_migrations where name = '0099-later'");
    database.close();
    expect((await run("migrate", "--to", "none")).stdout).toMatch(/^Reverted: /m);
    const unknown = await run("migrate", "--to", "0099-nothing");
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain("0099-nothing");
  });
});
