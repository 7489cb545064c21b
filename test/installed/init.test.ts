import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { packPackage } from "./packed-package.ts";

const MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));
const TSC = join(MODULES, "typescript/lib/tsc.js");
const packed = packPackage(["typescript", "express-4", "express", "@types/express", "@types/node"]);
afterAll(packed.remove);

interface Project {
  readonly manifest: object;
  readonly tsconfig?: object;
  /** The configuration that tsconfig.json extends. */
  readonly base?: object;
  /** The path of its application; `start` is the path of what runs. */
  readonly app: string;
  readonly start: string;
  /** Additional output of `init`, besides the lines. */
  readonly says?: string;
  /** Returns the text of the application, with the lines that `init` prints. */
  readonly write: (imports: string, statement: string) => string;
}

const COMPILER = { module: "nodenext", target: "es2022", strict: true, outDir: "dist", types: ["node"] };
const LISTEN = 'const server = app.listen(0, "127.0.0.1", () => console.log(JSON.stringify(server.address())));';
const express = (hello: string) => (imports: string, statement: string) =>
  `${hello}\n${imports}\nconst app = express();\n${statement}\napp.get("/", (_request, response) => void response.send("hello"));\n${LISTEN}\n`;
const IMPORT_EXPRESS = 'import express from "express";';

const PROJECTS: Readonly<Record<string, Project>> = {
  "Express 5 in TypeScript, compiled from src": {
    manifest: { type: "module", dependencies: { express: "5" }, devDependencies: { typescript: "6" } },
    tsconfig: { compilerOptions: { ...COMPILER, rootDir: "src" }, include: ["src"] },
    app: "src/app.ts",
    start: "dist/app.js",
    write: express(IMPORT_EXPRESS),
  },
  "Express 5 in TypeScript, with the rootDir of a tsconfig.json that it extends": {
    manifest: { type: "module", dependencies: { express: "5" }, devDependencies: { typescript: "6" } },
    tsconfig: { extends: "./tsconfig.base.json", include: ["src"] },
    base: { compilerOptions: { ...COMPILER, rootDir: "./src" } },
    app: "src/app.ts",
    start: "dist/app.js",
    write: express(IMPORT_EXPRESS),
  },
  "Express 5 in TypeScript, with the sources beside package.json": {
    manifest: { type: "module", dependencies: { express: "5" }, devDependencies: { typescript: "6" } },
    tsconfig: { compilerOptions: COMPILER, files: ["app.ts"] },
    app: "app.ts",
    start: "dist/app.js",
    write: express(IMPORT_EXPRESS),
  },
  "Express 5 in TypeScript, as npm init and tsc --init leave it": {
    manifest: { type: "commonjs", dependencies: { express: "5" }, devDependencies: { typescript: "6" } },
    tsconfig: { compilerOptions: { ...COMPILER, outDir: undefined, verbatimModuleSyntax: true, jsx: "react-jsx" } },
    app: "app.mts",
    start: "app.mjs",
    says: "add to an .mts file in the same folder",
    write: express(IMPORT_EXPRESS),
  },
  "Express 5 in TypeScript that Node runs as it is": {
    manifest: { type: "module", dependencies: { express: "5" }, devDependencies: { typescript: "6" } },
    tsconfig: { compilerOptions: { ...COMPILER, noEmit: true, allowImportingTsExtensions: true } },
    app: "app.ts",
    start: "app.ts",
    write: express(IMPORT_EXPRESS),
  },
  "Express 4 in CommonJS": {
    manifest: { dependencies: { express: "4" } },
    app: "app.js",
    start: "app.js",
    write: express('const express = require("express-4");'),
  },
  "node:http": {
    manifest: { type: "module" },
    app: "app.js",
    start: "app.js",
    write: (imports, statement) =>
      `import { createServer } from "node:http";\n${imports}
const server = createServer((_request, response) => void response.end("hello"));\n${statement}
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify(server.address())));\n`,
  },
};

describe.each(Object.entries(PROJECTS))("the output of init for %s", (name, project) => {
  test("compiles, closes and opens", async () => {
    const folder = join(dirname(packed.folder), "..", name.replaceAll(/\W+/g, "-"));
    const put = (path: string, text: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    put("package.json", JSON.stringify(project.manifest));
    if (project.tsconfig !== undefined) put("tsconfig.json", JSON.stringify(project.tsconfig));
    if (project.base !== undefined) put("tsconfig.base.json", JSON.stringify(project.base));
    put(project.app, "");
    if (project.says !== undefined) expect(maintenance(folder, "init", "--dry-run")).toContain(project.says);
    const { lines, file } = JSON.parse(maintenance(folder, "init", "--json"));
    expect(() => maintenance(folder, "init")).toThrow("There is a configuration file already");
    const gap = lines.indexOf("");
    put(project.app, project.write(lines.slice(0, gap).join("\n"), lines.slice(gap + 1).join("\n")));
    if (project.tsconfig !== undefined) run(folder, TSC, "-p", ".");
    const app = spawn(process.execPath, [project.start], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    try {
      const url = await addressOf(app);
      expect((await fetch(url)).status).toBe(200);
      expect(maintenance(folder, "doctor")).toContain(file);
      maintenance(folder, "on");
      await expect.poll(async () => (await fetch(url)).status, { timeout: 20_000 }).toBe(503);
      maintenance(folder, "off");
      await expect.poll(async () => (await fetch(url)).status, { timeout: 20_000 }).toBe(200);
    } finally {
      app.kill();
    }
  });
});

async function addressOf(app: ChildProcess): Promise<string> {
  if (app.stdout === null) throw new Error("its output is not read");
  const [line]: string[] = await once(createInterface(app.stdout), "line");
  return `http://127.0.0.1:${JSON.parse(line ?? "").port}/`;
}

function maintenance(folder: string, ...line: readonly string[]): string {
  return run(folder, join(packed.folder, "dist/cli/bin.js"), ...line);
}

function run(folder: string, ...command: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command.join(" ")} failed with ${status}:\n${stdout}${stderr}`);
  return stdout;
}
