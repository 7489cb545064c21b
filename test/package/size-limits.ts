import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { PackedPackage } from "../installed/packed-package.ts";

/**
 * The limits for the code that an application loads with each entry: bundled with its dependencies, minified and gzipped, in bytes. 2 %
 * above the measured size. All grew with the list of processes, the counting of work and the barrier.
 */
export const SIZE_LIMITS: Readonly<Record<string, number>> = {
  ".": 62_750,
  // The adapters and the stores share a file with the gate, of which a bundler keeps what the files that load later use.
  "./node": 27_150,
  "./express": 60_650,
  "./fetch": 19_050,
  "./stores/file": 27_480,
  "./stores/memory": 21_150,
  "./stores/sqlite": 31_230,
  "./stores/postgres": 29_620,
  "./stores/mysql": 28_600,
  "./stores/redis": 30_890,
  "./stores/nats": 31_330,
  "./stores/object-storage": 25_550,
  "./stores/keyv": 22_730,
  "./stores/unstorage": 22_650,
  // Grew: the schema checks its options; the store behind it loads the schema too.
  "./stores/fallback": 23_980,
  // Includes the page, which has a separate limit of 60 KB. Grew: warnings about exemptions, explanations of requests, the forms of a
  // closure, the English texts of the forms and the choice of a language; other languages are loaded on demand.
  "./admin": 124_900,
  // Grew: more cases in the adapter suite.
  "./testing": 88_800,
  "./adapter": 21_920,
  "./client": 2_048,
  "./logging": 740,
  "./opentelemetry": 2_460,
  "./prometheus": 810,
};

/** The limit for the tarball without source maps, docs and examples: 0031 has the reasons why it is not 400 KB. */
export const TARBALL_LIMIT = 615_300;

/** Third-party packages that are loaded on first use. */
const DRIVERS: readonly string[] = [
  "kysely",
  "pg",
  "mysql2",
  "better-sqlite3",
  "redis",
  "ioredis",
  "@nats-io/*",
  "aws4fetch",
];

/**
 * The limit for the code that a Worker loads before its first request: `createGate` and `fetchMaintenance`, without what they import later.
 * Grew like `"."`.
 */
export const WORKER_LIMIT = 57_760;

const WORKER = `
  import { createGate } from "maintenance-mode";
  import { fetchMaintenance } from "maintenance-mode/fetch";
  export default { fetch: fetchMaintenance(createGate({}), () => new Response("hello")) };
`;

/** Measures an entry of the package that is installed in `folder`. */
export function measureEntry(folder: string, target: string): Promise<number> {
  return measure(`export * from ${JSON.stringify(target)};`, folder, []);
}

export function measureWorker(folder: string): Promise<number> {
  return measure(WORKER, folder, ["workerd", "worker", "browser"]);
}

async function measure(contents: string, resolveDir: string, conditions: string[]): Promise<number> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    external: ["node:*", ...DRIVERS],
    conditions,
    outdir: "out",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  // Modules that are imported on first use are separate files, which do not count.
  const loaded = withStaticImports(metafile.outputs, "out/stdin.js");
  const sizes = outputFiles.filter(({ path }) => [...loaded].some((name) => path.endsWith(`/${name}`)));
  return sizes.reduce((total, file) => total + gzipSync(file.contents, { level: 9 }).length, 0);
}

type Outputs = Readonly<Record<string, { readonly imports: readonly { path: string; kind: string }[] }>>;

function withStaticImports(outputs: Outputs, name: string, seen: Set<string> = new Set()): ReadonlySet<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const { path, kind } of outputs[name]?.imports ?? []) {
    if (kind === "import-statement" && path in outputs) withStaticImports(outputs, path, seen);
  }
  return seen;
}

/** Measures the tarball without source maps, docs and examples. */
export function sizeOfProgram({ folder, files }: Pick<PackedPackage, "folder" | "files">): number {
  const program = files.filter((path) => !/\.map$|\.md$|^examples\//.test(path));
  const options = ["--create", "--gzip", "--directory", folder, "--files-from", "-"];
  return execFileSync("tar", options, { input: program.join("\n"), maxBuffer: 2 ** 26 }).length;
}
