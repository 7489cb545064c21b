import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { estimateDifference, exactly } from "../measure/estimate.ts";
import { createRandom, shuffled } from "../measure/random.ts";
import { atMost, type Row, type Section } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

const root = new URL("../../", import.meta.url);
const EMPTY = new URL("../fixtures/empty.js", import.meta.url).href;
const MAIN = ".";
const ADAPTERS: readonly string[] = ["./node", "./express", "./fetch"];
const STORES: readonly string[] = ["./stores/file", "./stores/memory"];

async function measureLoading({ quick }: SectionOptions): Promise<Section> {
  const urls = entryUrls();
  const entries = [...ADAPTERS, ...STORES].filter((entry) => urls.has(entry));
  const main = urls.get(MAIN) ?? EMPTY;
  const candidates = [
    { name: MAIN, first: EMPTY, timed: main },
    { name: "empty", first: EMPTY, timed: `${EMPTY}?again` },
    { name: "empty after main", first: main, timed: EMPTY },
    ...entries.map((name) => ({ name, first: main, timed: urls.get(name) ?? EMPTY })),
  ];
  const random = createRandom(entries.length);
  const times = new Map<string, number[]>();
  for (let round = 0; round < (quick ? 3 : 11); round++) {
    for (const candidate of shuffled(candidates.flatMap(twice), random)) {
      const list = times.get(candidate.name) ?? [];
      times.set(candidate.name, list);
      list.push(timeImport(candidate.first, candidate.timed));
    }
  }
  const row = (what: string, name: string, than: string, limit: number | null): Row => ({
    what,
    unit: "ms",
    measured: estimateDifference(times.get(name) ?? [], times.get(than) ?? []),
    control: estimateDifference(times.get(`${than}, again`) ?? [], times.get(than) ?? []),
    target: limit === null ? null : atMost(limit),
  });
  const bundle = await bundleForWorker();
  return {
    title: "Loading: milliseconds more than an empty module, and what a Worker bundles",
    rows: [
      row("import maintenance-mode", MAIN, "empty", null),
      ...entries.map((name) =>
        row(`and maintenance-mode${name.slice(1)}`, name, "empty after main", ADAPTERS.includes(name) ? 1 : null),
      ),
      {
        what: "Worker: createGate and the fetch adapter, gzip, without the built-in page",
        unit: "KB",
        measured: exactly(bundle.loaded / 1_024),
        control: null,
        target: atMost(6),
      },
      {
        what: "loaded when first needed: the page and its languages, regular expressions",
        unit: "KB",
        measured: exactly(bundle.later / 1_024),
        control: null,
        target: null,
      },
    ],
    notes: [`The largest of what the Worker loads, before gzip: ${bundle.largest.join(", ")}.`],
  };
}

function twice<T extends { readonly name: string }>(candidate: T): T[] {
  return [candidate, { ...candidate, name: `${candidate.name}, again` }];
}

function entryUrls(): Map<string, string> {
  const { exports } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as {
    readonly exports: Readonly<Record<string, string>>;
  };
  const urls = Object.entries(exports).map(([entry, file]) => [entry, new URL(file, root)] as const);
  return new Map(urls.filter(([, url]) => existsSync(url)).map(([entry, { href }]) => [entry, href]));
}

/** Runs in its own process with `node:http` loaded, as in every server: loads `first` beforehand, and times `timed`. */
function timeImport(first: string, timed: string): number {
  const program = `
    await import("node:http");
    await import(${JSON.stringify(first)});
    const begun = performance.now();
    await import(${JSON.stringify(timed)});
    process.stdout.write(String(performance.now() - begun));`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" }));
}

async function bundleForWorker(): Promise<{ loaded: number; later: number; largest: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `
        export { createGate } from "./dist/index.js";
        export { fetchMaintenance } from "./dist/adapters/fetch.js";`,
      resolveDir: fileURLToPath(root),
    },
    absWorkingDir: fileURLToPath(root),
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["workerd", "browser"],
    target: "es2023",
    outdir: "bundle",
    write: false,
    metafile: true,
    logLevel: "error",
  });
  const outputs = metafile.outputs;
  const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === "<stdin>") ?? "";
  const loaded = new Set<string>();
  const follow = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { path: next, kind } of outputs[path]?.imports ?? []) if (kind === "import-statement") follow(next);
  };
  follow(entry);
  const sizes = { loaded: 0, later: 0 };
  for (const path of Object.keys(outputs)) {
    const file = outputFiles.find((output) => output.path.endsWith(path));
    sizes[loaded.has(path) ? "loaded" : "later"] += file === undefined ? 0 : gzipSync(file.contents).length;
  }
  const inputs = [...loaded].flatMap((path) => Object.entries(outputs[path]?.inputs ?? {}));
  const largest = inputs
    .map(([path, { bytesInOutput }]) => ({ path, bytesInOutput }))
    .sort((a, b) => b.bytesInOutput - a.bytesInOutput)
    .slice(0, 6)
    .map(
      ({ path, bytesInOutput }) => `${path.replace(/^.*node_modules\//, "")} ${(bytesInOutput / 1_024).toFixed(1)} KB`,
    );
  return { ...sizes, largest };
}

await runSection(measureLoading);
