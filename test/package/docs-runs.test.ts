import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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
    // Vitest marks its children so that `node --test` would think itself within another run.
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

  test("the state in full is understood", async () => {
    const [state, ...others] = blocksIn("json").filter(({ title }) => title === "state");
    expect(others).toEqual([]);
    await mkdir(join(folder, ".maintenance"));
    await writeFile(join(folder, ".maintenance", "state.json"), state?.code ?? "");
    expect(await modeOf("shop")).toBe("closed");
    expect(await modeOf("*")).toBe("open");
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
