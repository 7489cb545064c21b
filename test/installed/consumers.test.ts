import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, describe, expect, test } from "vitest";
import { packPackage } from "./packed-package.ts";
import { sourcesOf } from "./sources-of.ts";

const TSC = fileURLToPath(import.meta.resolve("typescript/lib/tsc.js"));
const packed = packPackage(["express", "@types/express", "@types/node"]);
afterAll(packed.remove);

/** Runs a script in the consumer's folder, and returns its stdout. If the script fails, throws an error with its output. */
function run(folder: string, ...command: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command.join(" ")} failed with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

function consumer(name: string): string {
  return packed.addConsumer(fileURLToPath(new URL(`consumers/${name}`, import.meta.url)), name);
}

describe("a project that installs the tarball", () => {
  test("in TypeScript for Node compiles strictly with Express, closes, answers 503 and opens", () => {
    const folder = consumer("typescript-node");
    run(folder, TSC, "-p", ".");
    expect(run(folder, "dist/app.js").trim()).toBe("200 503 200");
  });

  test("in TypeScript for a bundler compiles without Node's types, and the bundle runs", async () => {
    const folder = consumer("typescript-bundler");
    run(folder, TSC, "-p", ".");
    const outfile = join(folder, "bundle.js");
    await build({
      entryPoints: [join(folder, "app.ts")],
      bundle: true,
      format: "esm",
      platform: "node",
      outfile,
      logLevel: "silent",
    });
    expect(run(folder, outfile).trim()).toBe("200 503 200");
  });

  test("in plain JavaScript shares the default file store with the command line", () => {
    const folder = consumer("javascript");
    const bin = join(packed.folder, "dist/cli/bin.js");
    expect(run(folder, "app.js", bin).trim()).toBe("200 503 200");
  });
});

describe("a Worker", () => {
  const folder = consumer("worker");
  const bundled = build({
    entryPoints: [join(folder, "worker.js")],
    bundle: true,
    format: "esm",
    platform: "neutral",
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["module", "main"],
    outfile: join(folder, "bundle.js"),
    sourcemap: true,
    metafile: true,
    logLevel: "silent",
  });

  test("bundles no Node module, no file store and no controller", async () => {
    const outputs = Object.values((await bundled).metafile.outputs);
    expect(outputs.flatMap((output) => output.imports.filter((made) => made.external))).toEqual([]);
    const sources = sourcesOf(join(folder, "bundle.js"));
    expect(sources.filter((path) => path.endsWith("/src/gate.ts"))).toHaveLength(1);
    expect(sources.filter((path) => /\/src\/(stores\/file|cli|testing|control)|\.node\.ts$/.test(path))).toEqual([]);
  });

  test("answers with only the bundle", async () => {
    await bundled;
    expect(run(folder, "serve-twice.js").trim()).toBe("200 503");
  });
});
