import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { packPackage } from "./packed-package.ts";

const packed = packPackage();
afterAll(packed.remove);
const read = (path: string): string => readFileSync(join(packed.folder, path), "utf8");
const entries = Object.entries(packed.manifest.exports).filter(([, target]) => target.endsWith(".js"));

describe("the tarball", () => {
  test("contains the build and the documentation, and no other files", () => {
    const allowed =
      /^(package\.json|LICENSE|[A-Z]+\.md|(docs|bench)\/.+\.md|examples\/.+\.(md|ts)|dist\/.+\.(js|d\.ts|css|html))$/;
    expect(packed.files.filter((path) => !allowed.test(path))).toEqual([]);
  });

  test.each(["package.json", "README.md", "LICENSE"])("contains %s", (path) => {
    expect(packed.files).toContain(path);
  });

  test("contains types for each file of code", () => {
    const code = packed.files.filter((path) => path.endsWith(".js"));
    const untyped = code.filter((path) => !packed.files.includes(path.replace(/\.js$/, ".d.ts")));
    expect(code.length).toBeGreaterThan(0);
    expect(untyped).toEqual([]);
  });

  test.each(entries)("exports %s from %s", (subpath, target) => {
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

  test("contains what its pages link to, except pictures", () => {
    const pages = packed.files.filter((path) => path.endsWith(".md"));
    const links = pages.flatMap((page) =>
      [...read(page).matchAll(/(?<!!\[[^\]]*)\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, target = ""]) => ({
        page,
        target: normalize(join(dirname(page), target)),
      })),
    );
    expect(links.length).toBeGreaterThan(100);
    const holds = (target: string): boolean =>
      packed.files.some((path) => path === target || path.startsWith(`${target.replace(/\/$/, "")}/`));
    expect(links.filter(({ target }) => !holds(target))).toEqual([]);
  });

  test("contains each page that its code names", () => {
    const named = packed.files
      .filter((path) => /^dist\/.*\.js$/.test(path))
      .flatMap((path) => read(path).match(/\bdocs\/[\w/-]+\.md\b/g) ?? []);
    expect(named).toContain("docs/configuration.md");
    expect(named.filter((page) => !packed.files.includes(page))).toEqual([]);
  });

  test("runs as a command", () => {
    const bin = join(packed.folder, "dist/cli/bin.js");
    expect(execFileSync(process.execPath, [bin, "--help"], { encoding: "utf8" })).toContain("maintenance-mode");
  });
});
