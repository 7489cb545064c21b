import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fetchMaintenance } from "../../src/adapters/fetch.ts";
import { createController } from "../../src/control/controller.ts";
import { createGate } from "../../src/gate.ts";
import { fileStore } from "../../src/stores/file.ts";
import { blocksIn, type CodeBlock, DOCS_PAGES, ROOT } from "./docs-pages.ts";

const execute = promisify(execFile);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "docs-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("docs/testing.md", () => {
  const tests = blocksOf("docs/testing.md").filter(({ code }) => code.includes(`from "node:test"`));

  test("has tests", () => expect(tests.length).toBeGreaterThan(3));

  test.each(tests)("the tests in $place pass against the built package", async ({ code }) => {
    await mkdir(join(folder, "node_modules"));
    await symlink(ROOT, join(folder, "node_modules", "maintenance-mode"));
    await writeFile(join(folder, "package.json"), `{ "type": "module" }`);
    await writeFile(join(folder, "example.test.ts"), code);
    // In a child process of Vitest, `node --test` would assume that it runs within another test run.
    const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
    const { stdout } = await execute(process.execPath, ["--test", "example.test.ts"], { cwd: folder, env });
    expect(stdout).toMatch(/fail 0/);
    expect(stdout).not.toMatch(/pass 0/);
  });
});

describe("docs/stores.md", () => {
  const commands = blocksOf("docs/stores.md").filter(({ language }) => language === "sh");

  test.each(commands.flatMap(({ code }) => code.trim().split("\n")))("%s closes everything", async (command) => {
    await mkdir(join(folder, ".maintenance"));
    await execute("/bin/sh", ["-c", command], { cwd: folder });
    expect(await modeOf("anything")).toBe("closed");
  });

  test("the example of a complete state is valid", async () => {
    const [state, ...others] = blocksIn("json").filter(({ title }) => title === "state");
    expect(others).toEqual([]);
    await mkdir(join(folder, ".maintenance"));
    await writeFile(join(folder, ".maintenance", "state.json"), state?.code ?? "");
    expect(await modeOf("shop")).toBe("closed");
    expect(await modeOf("*")).toBe("open");
  });
});

describe("the guides from Django", () => {
  /** Creates a project with files from the page. `marks` has for each file name the beginning of its block. */
  async function project(page: string, marks: Readonly<Record<string, string>>): Promise<void> {
    await mkdir(join(folder, "node_modules"));
    await symlink(ROOT, join(folder, "node_modules", "maintenance-mode"));
    await symlink(join(ROOT, "node_modules/keyv"), join(folder, "node_modules", "keyv"));
    await writeFile(join(folder, "package.json"), `{ "type": "module" }`);
    for (const [name, mark] of Object.entries(marks)) {
      const block = blocksOf(page).find(({ code }) => code.startsWith(mark));
      await writeFile(join(folder, name), block?.code ?? `throw new Error("${page} has no such block");`);
    }
  }

  test.each([
    ["^ignored-page/$", ["/ignored-page/"], ["/ignored-page/x", "/a/ignored-page/"]],
    ["^a/|^b/", ["/a/1", "/b/2"], ["/c/a/", "/ab/"]],
    ["/lead/", ["/lead/x"], ["/x/lead/"]],
    ["^/a/|^/b/", ["/a/1", "/b/2"], ["/c/b/"]],
    ["contact", ["/contact-us"], ["/x/contact"]],
    ["^news(/page|/feed)$", ["/news/page", "/news/feed"], ["/newsfeed", "/news"]],
    ["^[^/]+/x$", ["/a/x"], ["/a/b/x"]],
  ])("the importer of django-maintenancemode-2 converts %s", async (pattern, exempt, others) => {
    const names = {
      "maintenance.config.ts": "// maintenance.config.ts",
      "import-patterns.ts": "// import-patterns.ts",
    };
    await project("docs/guides/from-django-maintenancemode-2.md", names);
    const fields = { maintenance: 1, pattern, description: "a row" };
    await writeFile(
      join(folder, "maintenancemode.json"),
      JSON.stringify([{ model: "maintenancemode.ignoredurl", pk: 1, fields }]),
    );
    await execute(process.execPath, ["import-patterns.ts"], { cwd: folder });
    const options = {
      store: fileStore({ path: join(folder, ".maintenance", "state.json") }),
      sites: { shop: { hosts: ["shop.example"] } },
    };
    const [controller, gate] = [createController(options), createGate(options)];
    await controller.execute({ type: "close", sites: ["shop"] }, { kind: "program", label: "test" });
    await gate.ready();
    const handle = fetchMaintenance(gate, () => new Response("hello"));
    const answers = [...exempt, ...others].map(async (path) => {
      const { status } = await handle(new Request(`https://shop.example${path}`));
      return status === 200 ? path : null;
    });
    expect((await Promise.all(answers)).filter((path) => path !== null)).toEqual(exempt);
    await gate.close();
    await controller.dispose();
    await options.store.close();
  });

  test("the backend of django-maintenance-mode is a store that closes and opens", async () => {
    await project("docs/guides/from-django-maintenance-mode.md", { "store.ts": 'import Keyv from "keyv";' });
    await writeFile(
      join(folder, "run.ts"),
      `import { createController, createGate } from "maintenance-mode";
       import { store } from "./store.ts";
       const [controller, gate] = [createController({ store }), createGate({ store })];
       const by = { kind: "program", label: "test" };
       const seen = [];
       for (const type of ["close", "open"]) {
         await controller.execute({ type }, by);
         await gate.refresh();
         seen.push(gate.isClosed());
       }
       console.log(JSON.stringify(seen));
       await gate.close();
       await controller.dispose();`,
    );
    const { stdout } = await execute(process.execPath, ["run.ts"], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual([true, false]);
  });
});

function blocksOf(page: string): readonly CodeBlock[] {
  return DOCS_PAGES.find(({ path }) => path === page)?.blocks ?? [];
}

async function modeOf(site: string): Promise<string> {
  const store = fileStore({ path: join(folder, ".maintenance", "state.json") });
  const gate = createGate({ store });
  const { error } = await gate.ready();
  await gate.close();
  await store.close();
  expect(error).toBeNull();
  return gate.mode(site);
}
