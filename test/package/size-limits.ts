import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What an application loads with each entry: bundled with its dependencies, minified and gzipped, in bytes. */
export const SIZE_LIMITS: Readonly<Record<string, number>> = {
  ".": 38_600,
  "./node": 10_200,
  "./express": 41_000,
  "./fetch": 8_950,
  "./stores/file": 10_250,
  "./stores/memory": 6_800,
  "./testing": 53_000,
  "./client": 2_048,
  "./logging": 800,
  "./opentelemetry": 2_200,
  "./prometheus": 850,
};

/** What a Worker loads before its first request: `createGate` and `fetchMaintenance`, without what is imported later. */
export const WORKER_LIMIT = 38_300;

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
    external: ["node:*"],
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
