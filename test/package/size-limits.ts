import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What an application loads with each entry: bundled with its dependencies, minified and gzipped, in bytes. */
export const SIZE_LIMITS: Readonly<Record<string, number>> = {
  ".": 39_400,
  "./node": 8_000,
  "./express": 41_000,
  "./fetch": 5_100,
  "./stores/file": 10_800,
  "./stores/memory": 7_300,
  "./stores/sqlite": 10_700,
  "./stores/postgres": 11_500,
  "./stores/mysql": 10_800,
  "./stores/redis": 13_800,
  "./stores/nats": 14_000,
  "./stores/object-storage": 10_800,
  "./stores/keyv": 9_400,
  "./stores/unstorage": 9_400,
  "./stores/fallback": 5_100,
  // With the page, of which 60 KB are allowed by themselves.
  "./admin": 68_000,
  "./testing": 54_700,
  "./client": 2_048,
  "./logging": 800,
  "./opentelemetry": 2_500,
  "./prometheus": 850,
};

/** What is loaded when it is first needed, and is not ours. */
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

/** What a Worker loads before its first request: `createGate` and `fetchMaintenance`, without what is imported later. */
export const WORKER_LIMIT = 37_200;

const WORKER = `
  import { createGate } from "maintenance-mode";
  import { fetchMaintenance } from "maintenance-mode/fetch";
  export default { fetch: fetchMaintenance(createGate({}), () => new Response("hello")) };
`;

/** `folder` is where the package is installed. */
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
  // What is imported when it is first needed is another file, and does not count here.
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
