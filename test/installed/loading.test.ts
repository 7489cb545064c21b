import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { packPackage } from "./packed-package.ts";
import { sourcesOf } from "./sources-of.ts";

const packed = packPackage();
afterAll(packed.remove);
const project = join(packed.folder, "../../loading");
mkdirSync(project);

/** Runs a module in a project that has the package installed. */
function run(text: string, ...options: readonly string[]): { readonly stdout: string; readonly stderr: string } {
  writeFileSync(join(project, "run.mjs"), text);
  return spawnSync(process.execPath, [...options, "run.mjs"], { cwd: project, encoding: "utf8" });
}

/** Returns the files that each of the imports adds to those before it. */
function filesLoadedBy(...specifiers: readonly string[]): readonly (readonly string[])[] {
  const { stdout, stderr } = run(`
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    const added = [];
    for (const specifier of ${JSON.stringify(specifiers)}) {
      await import(specifier);
      added.push(loaded.splice(0).filter((url) => url.startsWith("file:")));
    }
    process.stdout.write(JSON.stringify(added));`);
  if (stderr !== "") throw new Error(stderr);
  const added: string[][] = JSON.parse(stdout);
  return added.map((urls) => urls.map((url) => relative(join(packed.folder, "dist"), fileURLToPath(url))).sort());
}

describe("an import of the installed package", () => {
  test("loads few files", () => {
    expect(filesLoadedBy("maintenance-mode")).toEqual([
      [
        "index.js",
        "platform/crypto.node.js",
        ...["base", "control", "gate", "rolldown-runtime"].map((name) => `shared/${name}.js`),
      ],
    ]);
  });

  test.each(["node", "express", "fetch", "adapter"])("loads one file more for ./%s", (adapter) => {
    expect(filesLoadedBy("maintenance-mode", `maintenance-mode/${adapter}`)[1]).toEqual([`adapters/${adapter}.js`]);
  });

  test("loads no controller for an application that only imports an adapter", () => {
    const [files = []] = filesLoadedBy("maintenance-mode/express");
    expect(files).toContain("shared/gate.js");
    expect(files.filter((file) => /control|stores/.test(file))).toEqual([]);
  });

  test("loads nothing that is used later: the page, regular expressions, stores, the admin, the command line", () => {
    const files = filesLoadedBy("maintenance-mode", "maintenance-mode/node").flat();
    const sources = files.flatMap((file) => sourcesOf(join(packed.folder, "dist", file)));
    expect(sources.filter((path) => path.endsWith("/src/gate.ts"))).toHaveLength(1);
    const packages = new Set(sources.flatMap((path) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));
    expect([...packages].sort()).toEqual(["content-type", "leven", "negotiator", "valibot"]);
    const later =
      /\/src\/(admin|cli|testing|engine\/page\/(built-in-page|texts)|stores\/(?!log\/change|driver|document))/;
    expect(sources.filter((path) => later.test(path))).toEqual([]);
  });
});

describe("the command line", () => {
  /** Returns the files that a command loads. */
  function filesLoadedByCommand(...line: readonly string[]): readonly string[] {
    writeFileSync(
      join(project, "report.mjs"),
      `import { registerHooks } from "node:module";
       registerHooks({ load: (url, context, next) => (process.stderr.write(\`\${url}\\n\`), next(url, context)) });`,
    );
    const bin = join(packed.folder, "dist/cli/bin.js");
    const command = ["--import", "./report.mjs", bin, ...line];
    const { stderr } = spawnSync(process.execPath, command, { cwd: project, encoding: "utf8" });
    const urls = stderr.split("\n").filter((one) => one.startsWith("file:"));
    return urls.map((url) => relative(join(packed.folder, "dist"), fileURLToPath(url))).sort();
  }

  test("loads next to nothing to print its version", () => {
    expect(filesLoadedByCommand("--version")).toEqual(["cli/bin.js", "shared/base.js"]);
  });

  test("loads neither the admin, nor other commands, nor regular expressions for status", () => {
    writeFileSync(join(project, "package.json"), "{}");
    expect(filesLoadedByCommand("status")).toEqual([
      "cli/bin.js",
      "platform/crypto.node.js",
      "platform/node.js",
      ...["barrier", "base", "cli", "control", "files", "gate", "presence", "rolldown-runtime", "stores", "views"].map(
        (name) => `shared/${name}.js`,
      ),
      "stores/file.js",
    ]);
  });
});

describe("an error of the installed package", () => {
  const FAILING = 'import { createGate } from "maintenance-mode";\ncreateGate({ pollIntervall: 5 });';

  test("has the names of the functions in its stack, and short lines", () => {
    const { stderr } = run(FAILING);
    expect(stderr).toMatch(/at createGate \(.*\/dist\/shared\/gate\.js:\d+:\d+\)/);
    expect(Math.max(...stderr.split("\n").map((line) => line.length))).toBeLessThan(400);
  });

  test("shows the lines of the source with --enable-source-maps", () => {
    const { stderr } = run(FAILING, "--enable-source-maps");
    expect(stderr).toMatch(/at createGate \(.*\/src\/gate\.ts:\d+:\d+\)/);
    expect(stderr).toMatch(/\/src\/validation\/validate\.ts:\d+\n {2}return new MaintenanceError\(code, /);
  });
});
