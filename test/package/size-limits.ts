import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/**
 * The limits for the code that an application loads with each entry: bundled with its dependencies, minified and gzipped, in bytes. 2 %
 * above the measured size.
 */
export const SIZE_LIMITS: Readonly<Record<string, number>> = {
  ".": 55_360,
  // The files of the package are bundled: the adapters share one with the gate, of which a bundler keeps more than they use.
  "./node": 28_580,
  "./express": 48_930,
  "./fetch": 20_990,
  // The stores grew: they validate each record and its history, distinguish a lost store from a new one, do not count blocked time of the
  // event loop towards deadlines, describe values in errors, list all invalid ones, and avoid parsing a text and serialising its
  // history again.
  "./stores/file": 14_960,
  "./stores/memory": 8_720,
  "./stores/sqlite": 16_140,
  "./stores/postgres": 14_530,
  "./stores/mysql": 13_570,
  "./stores/redis": 15_690,
  "./stores/nats": 15_940,
  "./stores/object-storage": 13_110,
  "./stores/keyv": 11_510,
  "./stores/unstorage": 11_410,
  // Grew: the schema checks its options; the store behind it loads the schema too.
  "./stores/fallback": 8_510,
  // Includes the page, which has a separate limit of 60 KB. Grew: warnings about exemptions, explanations of requests, the forms of a
  // closure, the English texts of the forms and the choice of a language; other languages are loaded on demand.
  "./admin": 94_050,
  // Grew: more cases in the adapter suite.
  "./testing": 73_950,
  "./adapter": 23_250,
  "./client": 2_048,
  "./logging": 800,
  "./opentelemetry": 2_510,
  "./prometheus": 850,
};

/** The limit for the tarball without source maps, docs and examples. */
export const TARBALL_LIMIT = 500_000;

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
export const WORKER_LIMIT = 44_390;

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
