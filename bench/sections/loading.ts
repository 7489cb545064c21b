import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { packPackage } from "../../test/installed/packed-package.ts";
import { measureWorker, sizeOfProgram } from "../../test/package/size-limits.ts";
import { estimateDifference, estimateRatio, exactly } from "../measure/estimate.ts";
import { createRandom, shuffled } from "../measure/random.ts";
import { atMost, type Row, type Section } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const urlOf = (path: string): string => pathToFileURL(join(root, path)).href;
const EMPTY = urlOf("bench/fixtures/empty.js");
const MAIN = urlOf("dist/index.js");
const ADAPTERS: readonly string[] = ["node", "express", "fetch"];

interface Candidate {
  readonly name: string;
  /** Returns milliseconds. */
  readonly time: () => number;
}

async function measureLoading({ quick }: SectionOptions): Promise<Section> {
  const folder = mkdtempSync(join(tmpdir(), "maintenance-mode-loading-"));
  try {
    const one = await bundleIntoOneFile(folder);
    const candidates: readonly Candidate[] = [
      { name: "main", time: () => timeImport(EMPTY, MAIN) },
      { name: "/express", time: () => timeImport(EMPTY, urlOf("dist/adapters/express.js")) },
      { name: "Express 5", time: () => timeImport(EMPTY, urlOf("node_modules/express/index.js")) },
      { name: "one file", time: () => timeImport(EMPTY, one) },
      { name: "empty after main", time: () => timeImport(MAIN, EMPTY) },
      ...ADAPTERS.map((adapter) => ({
        name: adapter,
        time: () => timeImport(MAIN, urlOf(`dist/adapters/${adapter}.js`)),
      })),
      ...commandsIn(folder),
    ];
    const times = measure(candidates, quick ? 3 : 15);
    const of = (name: string): readonly number[] => times.get(name) ?? [];
    const ratio = (what: string, name: string, than: string, limit: number): Row => ({
      what,
      unit: "x",
      measured: estimateRatio(of(name), of(than)),
      control: estimateRatio(of(`${than}, again`), of(than)),
      target: atMost(limit),
    });
    const size = (what: string, bytes: number, limit: number): Row => ({
      what,
      unit: "KB",
      measured: exactly(bytes / 1_024),
      control: null,
      target: atMost(limit),
    });
    const [worker, tarball] = await measureSizes();
    return {
      title: "Loading: imports, the command line, and bytes",
      rows: [
        ratio("import maintenance-mode, against importing Express 5", "main", "Express 5", 1 / 3),
        ratio("import maintenance-mode/express, against importing Express 5", "/express", "Express 5", 1 / 3),
        ratio("import maintenance-mode, against one bundled file", "main", "one file", 1.3),
        ...ADAPTERS.map((adapter) => ({
          what: `/${adapter} after maintenance-mode, more than an empty module`,
          unit: "ms" as const,
          measured: estimateDifference(of(adapter), of("empty after main")),
          control: estimateDifference(of("empty after main, again"), of("empty after main")),
          target: atMost(1),
        })),
        ratio("maintenance-mode --version, against node -e 0", "--version", "node -e 0", 2),
        ratio("maintenance-mode status, against node -e 0", "status", "node -e 0", 3),
        size("a Worker with createGate and fetchMaintenance, gzip, without the page", worker, 16),
        size("the tarball without source maps, docs and examples", tarball, 400),
      ],
      notes: ["Each import is in a process of its own, in which node:http is loaded, as in every server."],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Returns the times of each candidate, and of each once more: the same round has both, in random order. */
function measure(candidates: readonly Candidate[], rounds: number): ReadonlyMap<string, readonly number[]> {
  const times = new Map<string, number[]>();
  const random = createRandom(rounds);
  if (new Set(candidates.map(({ name }) => name)).size < candidates.length)
    throw new Error("Two candidates have one name.");
  const twice = candidates.flatMap(({ name, time }) => [
    { name, time },
    { name: `${name}, again`, time },
  ]);
  for (let round = 0; round < rounds; round++) {
    for (const { name, time } of shuffled(twice, random)) times.set(name, [...(times.get(name) ?? []), time()]);
  }
  return times;
}

/** Imports `first`, and times the import of `timed`. */
function timeImport(first: string, timed: string): number {
  const program = `
    await import("node:http");
    await import(${JSON.stringify(first)});
    const begun = performance.now();
    await import(${JSON.stringify(timed)});
    process.stdout.write(String(performance.now() - begun));`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" }));
}

/** Bundles the content of the main entry, which includes the adapters, without what is imported on first use. Returns its URL. */
async function bundleIntoOneFile(folder: string): Promise<string> {
  const later: Plugin = {
    name: "later",
    setup: ({ onResolve }) => {
      onResolve({ filter: /./ }, ({ kind, path }) => {
        if (kind === "dynamic-import") return { path, external: true };
        return path === "#crypto" ? { path: join(root, "dist/platform/crypto.node.js") } : undefined;
      });
    },
  };
  const outfile = join(folder, "one.mjs");
  const contents = ["index", ...ADAPTERS.map((adapter) => `adapters/${adapter}`)]
    .map((entry, at) => `export * as entry${at} from "./dist/${entry}.js";`)
    .join("\n");
  await build({
    stdin: { contents, resolveDir: root },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    plugins: [later],
  });
  return pathToFileURL(outfile).href;
}

/** The command line over a project with a configuration in JavaScript and the file store. */
function commandsIn(folder: string): readonly Candidate[] {
  const bin = join(root, "dist/cli/bin.js");
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/maintenance-mode"), "dir");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(folder, "maintenance.config.js"),
    `import { defineConfig } from "maintenance-mode";\nexport default defineConfig({ sites: { shop: {} } });\n`,
  );
  const run = (...line: readonly string[]): number => {
    const begun = performance.now();
    const { status, error, stderr } = spawnSync(process.execPath, line, { cwd: folder });
    const took = performance.now() - begun;
    // `status` ends with 2 while a site is closed.
    if (status !== 0 && status !== 2)
      throw new Error(`${line.join(" ")} ended with ${status}: ${stderr}`, { cause: error });
    return took;
  };
  run(bin, "on", "shop");
  return [
    { name: "node -e 0", time: () => run("-e", "0") },
    { name: "--version", time: () => run(bin, "--version") },
    { name: "status", time: () => run(bin, "status") },
  ];
}

async function measureSizes(): Promise<readonly [worker: number, tarball: number]> {
  const packed = packPackage();
  try {
    return [await measureWorker(packed.folder), sizeOfProgram(packed)];
  } finally {
    packed.remove();
  }
}

await runSection(measureLoading);
