import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runFixture } from "../fixtures/run-fixture.ts";
import { type CliProject, createCliProject, runCli } from "./cli-project.ts";

let project: CliProject;

beforeEach(() => {
  project = createCliProject();
});

afterEach(() => project.remove());

describe("doctor", () => {
  test("finds no errors in a valid project, and changes nothing", async () => {
    await project.run("on", "shop");
    const before = project.read(".maintenance/state.json");
    const { code, stdout, stderr } = await project.run("doctor");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`✓ ok     configuration: ${project.folder}/maintenance.config.json`);
    expect(stdout).toContain(`✓ ok     store: file ${project.stateFile}`);
    expect(stdout).toContain("✓ ok     stored state: version 1");
    expect(stdout).toContain("✓ ok     way in: path /healthz (configuration), staff users (configuration)");
    expect(stdout).toContain("✓ ok     writing: the store accepts changes");
    expect(stdout).toContain("There are no errors.");
    expect(project.read(".maintenance/state.json")).toBe(before);
  });

  test("warns about what an operator should know", async () => {
    project.put("maintenance.config.json", "{}");
    project.put(
      ".maintenance/state.json",
      '{ "sites": { "*": { "changed": { "at": "2199-01-01T00:00:00Z", "by": { "kind": "cli", "label": "x" }, "reason": "" } } } }',
    );
    const { code, stdout } = await project.runWith({ MAINTENANCE_MODE: "off" }, "doctor");
    expect(code).toBe(0);
    expect(stdout).toContain("! warn   override: MAINTENANCE_MODE=off in the environment decides");
    expect(stdout).toContain("! warn   clock: the last change was made on Tuesday 1 January 2199");
    expect(stdout).toContain("! warn   way in: while it is closed, no one gets in to everything (*)");
  });

  test("warns if a router ignores case and the patterns of a closure do not", async () => {
    project.put("package.json", '{ "dependencies": { "express": "5" } }');
    await project.run("on", "shop", "--only", "/checkout/*");
    const warned = await project.run("doctor");
    expect(warned.stdout).toContain(
      "! warn   routing: Express treats /SHOP as /shop, and the pattern /checkout/* does not",
    );
    project.put("maintenance.config.json", '{ "sites": { "shop": {} }, "ignoreCase": true }');
    expect((await project.run("doctor")).stdout).not.toContain("routing");
  });

  test("advises a database above 10,000 records in one text", async () => {
    const stateOf = (count: number): string =>
      JSON.stringify({ sites: Object.fromEntries(Array.from({ length: count }, (_, index) => [`site-${index}`, {}])) });
    project.put(".maintenance/state.json", stateOf(10_001));
    expect((await project.run("doctor")).stdout).toContain("! warn   size: the store keeps 10001 records in one text");
    project.put(".maintenance/state.json", stateOf(10_000));
    expect((await project.run("doctor")).stdout).not.toContain("size:");
  });

  test("names hosts of two sites, and an invalid configuration", async () => {
    project.put(".maintenance/state.json", '{ "sites": { "old": { "hosts": ["shop.example"] } } }');
    const twice = await project.json("doctor");
    expect(twice.code).toBe(1);
    expect(twice.output).toMatchObject({
      ok: false,
      findings: expect.arrayContaining([
        expect.objectContaining({
          level: "error",
          subject: "hosts",
          message: "'shop.example' belongs to old and to shop",
        }),
      ]),
    });
    project.put("maintenance.config.json", '{ "sties": {} }');
    const { code, stdout } = await project.run("doctor");
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /✗ error {2}configuration: .*maintenance\.config\.json: the configuration: unknown member 'sties'\.\n +Did you mean 'sites'\?/,
    );
  });
});

describe("a store that is empty, or would be", () => {
  test("is reported by status and doctor, with its place", async () => {
    const lost = `file ${project.stateFile} is empty: never written, or lost`;
    expect((await project.run("doctor")).stdout).toContain(`! warn   stored state: ${lost}`);
    const { stdout } = await project.run("status");
    expect(stdout).toContain(`Store: file ${project.stateFile}`);
    expect(stdout).toContain("The store is empty: never written, or lost.");
    expect((await project.json("status")).output).toMatchObject({ empty: true });
  });

  test("in a release folder, doctor and on warn, and init names a path beside the releases", async () => {
    const release = join(project.folder, "releases/1");
    project.put("releases/1/package.json", '{ "type": "module" }');
    symlinkSync("releases/1", join(project.folder, "current"));
    const inRelease = { run: (...line: string[]) => runCli(release, {}, line) };
    const place = `${release}/.maintenance/state.json' is in a release folder`;
    expect((await inRelease.run("on", "--yes")).stderr).toContain(place);
    expect((await inRelease.run("doctor")).stdout).toContain(place);
    expect((await inRelease.run("init")).stdout).toContain(`${project.folder}/shared/maintenance`);
    const config = project.read("releases/1/maintenance.config.js");
    expect(config).toContain(`store: fileStore({ path: "${project.folder}/shared/maintenance/state.json" })`);
    expect(config).toContain('import { fileStore } from "maintenance-mode/stores/file";');
  });

  test("on and doctor name a process of the project whose user cannot read the file", async () => {
    if (process.geteuid?.() !== 0) return;
    chmodSync(project.folder, 0o755);
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
      cwd: project.folder,
      uid: 65_534,
      gid: 65_534,
    });
    await once(child, "spawn");
    const message = `process ${child.pid} of this project runs as the user with id 65534, and cannot read`;
    const on = await project.run("on", "shop");
    const doctor = await project.run("doctor");
    const ended = once(child, "exit");
    child.kill();
    await ended;
    expect(on.stderr).toContain(message);
    expect(doctor.stdout).toContain(`! warn   readers: ${message}`);
  });

  test("doctor names a process of the project whose user cannot write the list of processes, with the fix", async () => {
    if (process.geteuid?.() !== 0) return;
    const other = { uid: 65_534, gid: 65_534 };
    const state = join(project.folder, ".maintenance");
    const list = `${project.stateFile}.members`;
    chmodSync(project.folder, 0o755);
    await project.run("on", "shop");
    for (const path of [state, project.stateFile]) chownSync(path, 0, other.gid);
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { cwd: project.folder, ...other });
    await once(child, "spawn");
    const warnings = async () =>
      (await project.run("doctor")).stdout.split("\n").filter((line) => /no command sees it|chgrp/.test(line));
    const joinAsOther = async () => (await runFixture("call-as-nobody", project.stateFile, "join").ended).output;
    const expected = (folder: string) => [
      `! warn   processes: process ${child.pid} of this project runs as the user with id 65534, and cannot write the list of processes in '${folder}': no command sees it`,
      `           Give the folder a group that both users are in: chgrp -R GROUP '${folder}' && chmod g+rwxs '${folder}'`,
    ];
    try {
      expect(await warnings()).toEqual(expected(state));
      expect(JSON.parse(await joinAsOther())).toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
      chmodSync(state, 0o2775);
      expect(await warnings()).toEqual([]);
      expect(await joinAsOther()).toBe("");
      chownSync(list, 0, 0);
      expect(await warnings()).toEqual(expected(list));
    } finally {
      const ended = once(child, "exit");
      child.kill();
      await ended;
    }
  });
});

describe("init", () => {
  const manifest = (members: object) => JSON.stringify({ type: "module", ...members });

  test.each([
    [
      "an Express app in TypeScript",
      { dependencies: { express: "5" }, devDependencies: { typescript: "6" } },
      "maintenance.config.ts",
      "app.use(expressMaintenance(createGate(config)));",
      "maintenance-mode/express",
    ],
    [
      "a Fastify app",
      { dependencies: { fastify: "5" } },
      "maintenance.config.js",
      "guard(app.server, createGate(config));",
      "maintenance-mode/node",
    ],
    [
      "a Hono app",
      { dependencies: { hono: "4" } },
      "maintenance.config.js",
      "fetchMaintenance(createGate(config), app.fetch, { address });",
      "maintenance-mode/fetch",
    ],
    [
      "a Hono app on Node",
      { dependencies: { hono: "4", "@hono/node-server": "2" } },
      "maintenance.config.js",
      "guard(serve(app), createGate(config));",
      "maintenance-mode/node",
    ],
    [
      "a Koa app",
      { dependencies: { koa: "3" } },
      "maintenance.config.js",
      "guard(app.listen(3000), createGate(config));",
      "maintenance-mode/node",
    ],
    [
      "a Next app that also has express",
      { dependencies: { express: "5", next: "16" } },
      "maintenance.config.js",
      "guard(server, createGate(config));",
      "maintenance-mode/node",
    ],
    [
      "a package without ES modules",
      { type: "commonjs" },
      "maintenance.config.mjs",
      "guard(server, createGate(config));",
      "maintenance-mode/node",
    ],
  ])("in %s", async (_, members, file, line, subpath) => {
    project.remove();
    project = createCliProject({ "package.json": manifest(members) });
    mkdirSync(join(project.folder, ".git"));
    const { code, stdout, stderr } = await project.run("init");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`${project.folder}/${file} is written.`);
    expect(stdout).toContain(line);
    const commonJs = file.endsWith(".mjs");
    expect(stdout).toContain(commonJs ? `require("${subpath}");` : `from "${subpath}";`);
    expect(stdout).toContain(
      commonJs ? `const { default: config } = require("./${file}");` : `import config from "./${file}";`,
    );
    expect(project.read(file)).toContain("export default defineConfig({");
    expect(project.read(".gitignore")).toBe(".maintenance/\n");
    expect((await project.run("init")).stderr).toContain("There is a configuration file already");
  });

  test("overwrites a file only with --force, and never creates a second one", async () => {
    expect((await project.run("init", "--force")).stderr).toContain("Remove it first");
    project.remove();
    project = createCliProject({ "maintenance.config.js": "mine", ".gitignore": "node_modules\n.maintenance" });
    expect((await project.run("init")).stderr).toContain("Add --force to overwrite it.");
    expect(project.read("maintenance.config.js")).toBe("mine");
    expect((await project.run("init", "--force")).code).toBe(0);
    expect(project.read("maintenance.config.js")).toContain("defineConfig");
    expect(project.read(".gitignore")).toBe("node_modules\n.maintenance");
  });

  test("outside of git says what to exclude, and writes no .gitignore", async () => {
    project.remove();
    project = createCliProject({});
    expect((await project.run("init")).stdout).toContain(
      "This is not a git repository: if it becomes one, leave .maintenance/ out of it (.gitignore).",
    );
    expect(() => project.read(".gitignore")).toThrow("ENOENT");
  });

  test("works from a subfolder, and as a dry run", async () => {
    project.remove();
    project = createCliProject({ "src/app.js": "", ".gitignore": "dist" });
    mkdirSync(join(project.folder, ".git"));
    const { code, output } = await project.json("init", "--dry-run");
    expect(code).toBe(0);
    expect(output).toMatchObject({
      dryRun: true,
      framework: "node:http",
      file: join(project.folder, "maintenance.config.js"),
    });
    expect(() => project.read("maintenance.config.js")).toThrow("ENOENT");
    await project.run("init");
    expect(project.read(".gitignore")).toBe("dist\n.maintenance/\n");
  });
});

describe("sites, exempt and history", () => {
  test("sites are added, shown and removed", async () => {
    expect((await project.run("sites", "add", "wiki", "--host", "Wiki.Example")).stdout).toBe(
      "wiki was added: wiki.example. To close it: maintenance-mode on wiki\n",
    );
    expect((await project.json("sites", "list")).output).toEqual({
      sites: [
        { id: "*", hosts: [], configured: false },
        { id: "blog", hosts: ["blog.example"], configured: true },
        { id: "shop", hosts: ["shop.example"], configured: true },
        { id: "wiki", hosts: ["wiki.example"], configured: false },
      ],
    });
    await project.run("on", "wiki", "--message", "moving");
    const shown = await project.run("sites", "show", "wiki");
    expect(shown.stdout).toContain('wiki: closed\n  hosts: wiki.example\n  message: "moving"\n  last changed: ');
    expect((await project.json("sites", "show", "wiki")).output).toMatchObject({
      id: "wiki",
      mode: "closed",
      version: 2,
    });
    expect((await project.run("sites", "remove", "wiki")).stdout).toBe(
      "wiki was removed. It was closed: its hosts follow * now.\n",
    );
  });

  test("exemptions are added, listed with their source, and removed", async () => {
    const line = ["--ip", "10.0.0.0/8", "--path", "/hooks/*"];
    const added = await project.run("exempt", "add", "--site", "shop", ...line, "--description", "partners");
    expect(added.stdout).toBe("Let in from now on while shop is closed: 10.0.0.0/8 and /hooks/*.\n");
    expect((await project.run("exempt", "add", "--site", "shop", ...line)).stdout).toContain("Nothing changed.");
    expect((await project.json("exempt", "list")).output).toEqual({
      exemptions: [
        { kind: "path", rule: "/healthz", description: "", source: "configuration" },
        { kind: "user", rule: "staff", description: "", source: "configuration" },
        { kind: "address", rule: "10.0.0.0/8", description: "partners", source: "shop" },
        { kind: "path", rule: "/hooks/*", description: "partners", source: "shop" },
      ],
    });
    expect((await project.run("exempt", "list", "--site", "blog")).stdout).not.toContain("10.0.0.0/8");
    await project.run("exempt", "remove", "--site", "shop", ...line);
    expect((await project.run("exempt", "list")).stdout).not.toContain("10.0.0.0/8");
  });

  test("the history shows when, who, from where, what and why, in pages", async () => {
    await project.run("on", "shop", "--message", "a", "--reason", "first");
    await project.run("off", "shop");
    const { stdout } = await project.run("history");
    expect(stdout).toMatch(
      /^\w+day \d+ \w+ \d{4}, \d\d:\d\d Europe\/Berlin \(.*\)\n {2}version 2, by .+ \(cli, from .+\)\n {2}shop opened\n {4}mode: closed → open/,
    );
    expect(stdout).toContain('because "first"\n  shop closed\n    mode: open → closed\n    message: none → "a"');
    const page = await project.run("history", "--limit", "1");
    expect(page.stdout).toContain("For earlier changes: maintenance-mode history --before 2");
    expect((await project.json("history", "--before", "2")).output).toMatchObject({
      changes: [{ version: 1, reason: "first" }],
    });
    expect((await project.json("history", "--site", "blog")).output).toEqual({ changes: [] });
  });
});
