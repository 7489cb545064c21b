import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** The code that an application loads with each entry: bundled with its dependencies, minified and gzipped, in bytes. 2 % above what was measured. */
export const SIZE_LIMITS: Readonly<Record<string, number>> = {
  // Grew: hosts, paths, methods and languages read strictly, a bound for what expressions cost, redirect loops, the view of what is in force.
  ".": 49_960,
  // Grew: answers of requests that are not yet decided are withheld, Express's routes are looked at ahead, an admin can be mounted.
  "./node": 14_290,
  // Grew: both of the above, and an answer before a body is sent.
  "./express": 50_420,
  // Grew: addresses in one spelling, users judged as Django judges them, the internals of a gate are found in any copy of the package.
  "./fetch": 5_760,
  // The stores grew: records and their history are checked one by one, a lost store is distinguished from a new one, deadlines do not count time
  // in which the event loop is blocked, errors name values in words, and a text is neither parsed
  // nor its history serialised again.
  "./stores/file": 14_230,
  "./stores/memory": 9_300,
  "./stores/sqlite": 14_520,
  "./stores/postgres": 14_600,
  "./stores/mysql": 13_810,
  "./stores/redis": 15_760,
  "./stores/nats": 15_750,
  "./stores/object-storage": 13_350,
  "./stores/keyv": 11_650,
  "./stores/unstorage": 11_580,
  // Grew: its options are checked by the schema, which the store behind it loads too.
  "./stores/fallback": 8_670,
  // With the page, of which 60 KB are allowed separately. Grew: warnings of exemptions, explanations of requests, the forms of a closure,
  // the English texts of the forms and the choice of a language; the other languages are loaded when they are asked for.
  "./admin": 84_670,
  // Grew: the cases of the adapter suite.
  "./testing": 68_240,
  "./adapter": 6_140,
  "./client": 2_048,
  "./logging": 800,
  "./opentelemetry": 2_500,
  "./prometheus": 850,
};

/** Packages of others that are loaded when they are first needed. */
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

/** The code that a Worker loads before its first request: `createGate` and `fetchMaintenance`, without what is imported later. Grew as `"."`. */
export const WORKER_LIMIT = 46_630;

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
