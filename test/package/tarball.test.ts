import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { packPackage } from "./packed-package.ts";

const packed = packPackage();
afterAll(packed.remove);
const entries = Object.entries(packed.manifest.exports).filter(([, target]) => target.endsWith(".js"));

describe("the tarball", () => {
  test("holds what is built and what is to be read, and nothing else", () => {
    const allowed = /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/.+\.(js|d\.ts|css|html))$/;
    expect(packed.files.filter((path) => !allowed.test(path))).toEqual([]);
  });

  test.each(["package.json", "README.md", "LICENSE"])("holds %s", (path) => {
    expect(packed.files).toContain(path);
  });

  test("holds types for each file of code", () => {
    const code = packed.files.filter((path) => path.endsWith(".js"));
    const untyped = code.filter((path) => !packed.files.includes(path.replace(/\.js$/, ".d.ts")));
    expect(code.length).toBeGreaterThan(0);
    expect(untyped).toEqual([]);
  });

  test.each(entries)("exports %s from %s, which imports", (subpath, target) => {
    const specifier = join(packed.manifest.name, subpath);
    const project = join(packed.folder, "../../importer");
    mkdirSync(project, { recursive: true });
    writeFileSync(
      join(project, "import.mjs"),
      `const names = Object.keys(await import(${JSON.stringify(specifier)}));
       process.stdout.write(JSON.stringify([import.meta.resolve(${JSON.stringify(specifier)}), names]));`,
    );
    const [url, names] = JSON.parse(execFileSync(process.execPath, ["import.mjs"], { cwd: project, encoding: "utf8" }));
    expect(url).toMatch(new RegExp(`/${packed.manifest.name}/${target.slice(2)}$`));
    expect(names).not.toEqual([]);
  });

  test("runs as a command", () => {
    const bin = join(packed.folder, "dist/cli/bin.js");
    expect(execFileSync(process.execPath, [bin, "--help"], { encoding: "utf8" })).toContain("maintenance-mode");
  });
});
