import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";
import { afterAll, describe, expect, test } from "vitest";
import { packPackage } from "./packed-package.ts";
import { sourcesOf } from "./sources-of.ts";

const packed = packPackage();
afterAll(packed.remove);
const read = (path: string): string => readFileSync(join(packed.folder, path), "utf8");
const code = packed.files.filter((path) => path.endsWith(".js"));
const entries = Object.entries(packed.manifest.exports).filter(([, target]) => target.endsWith(".js"));

describe("the tarball", () => {
  test("contains the build and the documentation, and no other files", () => {
    const allowed =
      /^(package\.json|LICENSE|[A-Z]+\.md|(docs|bench)\/.+\.md|examples\/.+\.(md|ts)|dist\/.+\.(js|js\.map|d\.ts)|dist\/THIRD-PARTY-LICENSES\.txt)$/;
    expect(packed.files.filter((path) => !allowed.test(path))).toEqual([]);
  });

  test.each(["package.json", "README.md", "LICENSE"])("contains %s", (path) => {
    expect(packed.files).toContain(path);
  });

  test.each(entries)("contains types for %s, at %s", (_subpath, target) => {
    expect(packed.files).toContain(target.slice(2).replace(/\.js$/, ".d.ts"));
  });

  test("contains the licence of each package that is bundled", () => {
    const licences = read("dist/THIRD-PARTY-LICENSES.txt");
    const sources = code.flatMap((path) => sourcesOf(join(packed.folder, path)));
    const bundled = new Set(
      sources.flatMap((source) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []),
    );
    expect([...bundled]).toContain("valibot");
    expect([...bundled].filter((name) => !licences.includes(`\n${name} `))).toEqual([]);
  });

  test("imports its dependencies, optional peers and Node, and no other package", () => {
    const known = [...Object.keys(packed.manifest.dependencies), ...Object.keys(packed.manifest.peerDependencies)];
    const imported = code.flatMap((path) => ts.preProcessFile(read(path), true, true).importedFiles);
    const others = imported.map(({ fileName }) => fileName).filter((name) => !/^[.#]|^node:/.test(name));
    expect(others).toContain("re2js");
    expect(others.filter((name) => !known.some((one) => name === one || name.startsWith(`${one}/`)))).toEqual([]);
  });

  test.each(entries)("exports %s from %s, with the names of its source", async (subpath, target) => {
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
    const source = new URL(target.replace("./dist/", "../../src/").replace(/\.js$/, ".ts"), import.meta.url);
    expect(names).toEqual(Object.keys(await import(source.href)).sort());
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
    const named = code.flatMap((path) => read(path).match(/\bdocs\/[\w/-]+\.md\b/g) ?? []);
    expect(named).toContain("docs/configuration.md");
    expect(named.filter((page) => !packed.files.includes(page))).toEqual([]);
  });

  test("runs as a command", () => {
    const bin = join(packed.folder, "dist/cli/bin.js");
    expect(execFileSync(process.execPath, [bin, "--help"], { encoding: "utf8" })).toContain("maintenance-mode");
  });
});
