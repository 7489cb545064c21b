// Bundles src/ into dist/: one file per public entry, and few chunks that the entries share. Modules that are imported on first use stay
// apart. The reasons are in docs/decisions/0031-bundled-dist.md.
import { globSync, readFileSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { pureValues } from "./pure-values.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The files of `exports`, without `./dist/` and `.js`. */
export const PUBLIC_ENTRIES = namesOf(Object.values(manifest.exports));
/** The other files that package.json names: the command line, and those that differ between runtimes. */
const OTHER_ENTRIES = namesOf([
  ...Object.values(manifest.bin),
  ...Object.values(manifest.imports).flatMap((targets) => Object.values(Object(targets))),
]);
const ENTRIES = [...PUBLIC_ENTRIES, ...OTHER_ENTRIES];

function namesOf(targets) {
  const built = targets.filter((target) => /^\.\/dist\/.*\.js$/.test(target));
  return [...new Set(built)].map((target) => target.slice("./dist/".length, -".js".length));
}

const STORES = PUBLIC_ENTRIES.filter((entry) => entry.startsWith("stores/")).map((entry) => `${entry}.ts`);
/** Loaded with the gate, which no application uses without one: a file of its own would take longer to find than to load. */
const ADAPTERS = PUBLIC_ENTRIES.filter((entry) => entry.startsWith("adapters/")).map((entry) => `${entry}.ts`);
/** Small entries for programs that may not use the gate. */
const FILTERS = ["telemetry/log-filters.ts", "telemetry/opentelemetry.ts", "telemetry/prometheus.ts"];
const COMMANDS = globSync("src/cli/commands/*.ts", { cwd: root }).map((path) => relative("src", path));
const TEXTS = globSync("src/admin/page/texts/*.ts", { cwd: root }).map((path) => relative("src", path));
/** Those over a database import kysely on first use, and those on a disk modules of Node: neither may load with another store. */
const SQL = ["stores/sqlite.ts", "stores/postgres.ts", "stores/mysql.ts"];
const ON_DISK = ["stores/file.ts", "stores/sqlite.ts"];
const pairsOf = (files) => files.flatMap((one, at) => files.slice(at + 1).map((other) => [one, other]));
const each = (files) => files.map((file) => [file]);
const withEach = (file, others) => others.map((other) => [file, other]);

/**
 * The shared chunks. A module belongs to the first chunk that has a list of which every file imports it, directly or not. Few files
 * load faster than many small ones; but what an application does not use must not load with what it uses.
 */
const CHUNKS = [
  {
    name: "base",
    lists: [
      ...each(["errors.ts", "clock.ts", "deadline.ts", "logger.ts", "node-version.ts"]),
      ...withEach("gate.ts", FILTERS),
    ],
  },
  { name: "gate", lists: [...each(["gate.ts", ...ADAPTERS]), ["index.ts", "stores/log/log.ts"]] },
  { name: "presence", lists: each(["fleet/presence.ts"]) },
  { name: "control", lists: each(["control/controller.ts"]) },
  { name: "barrier", lists: each(["control/barrier/close-and-wait.ts"]) },
  {
    name: "stores",
    lists: pairsOf(STORES).filter(
      (pair) => !pair.every((store) => SQL.includes(store)) && pair.join() !== ON_DISK.join(),
    ),
  },
  { name: "sql", lists: [...pairsOf(SQL), ["stores/sql/queries.ts", "cli/commands/migrate.ts"]] },
  { name: "files", lists: [ON_DISK, ["stores/file/examine.ts"], ["platform/process-identity.ts"]] },
  { name: "page", lists: each(["engine/page/built-in-page.ts"]) },
  { name: "views", lists: withEach("admin/admin-with.ts", ["cli/run.ts", "cli/commands/status.ts"]) },
  { name: "warnings", lists: withEach("admin/admin-with.ts", COMMANDS) },
  { name: "admin", lists: each(["admin/admin-with.ts", "admin/access/create-access.ts"]) },
  { name: "admin-texts", lists: each(TEXTS) },
  { name: "cli", lists: each(["cli/run.ts", "cli/commands/status.ts"]) },
  {
    name: "commands",
    lists: each([...COMMANDS, "cli/project/remote-project.ts", "cli/doctor/examine-admin.ts"]),
  },
];

/**
 * Replacements for what commander imports of Node, for a command line that starts quickly: an import of node:process opens all standard
 * streams, and node:child_process is for commands that are programs of their own, of which there are none.
 */
const BUILTINS_OF_COMMANDER = {
  "node:process": "export default globalThis.process;",
  "node:child_process":
    "export default { get spawn() { return process.getBuiltinModule('node:child_process').spawn; } };",
};
const isOfCommander = (importer) => importer.includes("/node_modules/commander/");
const lightCommander = {
  name: "light-commander",
  resolveId(name, importer = "") {
    return isOfCommander(importer) && name in BUILTINS_OF_COMMANDER ? `\0light ${name}` : null;
  },
  load(id) {
    return id.startsWith("\0light ") ? BUILTINS_OF_COMMANDER[id.slice("\0light ".length)] : null;
  },
};

/** Writes dist/, with a source map for each file. */
export async function bundle() {
  const output = await build();
  const written = output.map(async (file) => {
    const path = join(root, "dist", file.fileName);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.type === "chunk" ? markRequired(file.code) : file.source);
  });
  await Promise.all([...written, writeFile(join(root, "dist/THIRD-PARTY-LICENSES.txt"), licencesOf(output))]);
  const names = new Set(output.map(({ fileName }) => fileName));
  for (const path of globSync("dist/**/*.js{,.map}", { cwd: root })) {
    const name = relative("dist", path);
    if (!names.has(name) && name !== "admin/page-assets.js") rmSync(join(root, path));
  }
}

/** Marks CommonJS modules as free of side effects too: they only declare functions, and are omitted where none is used. */
function markRequired(code) {
  return code.replace(/(?<=__toESM\()require_\w+\(\)/g, "/* @__PURE__ */ $&");
}

async function build() {
  // valibot is a dependency for the sake of the declarations, which name its types: as a whole it takes longer to load than the gate.
  const { valibot: _bundled, ...dependencies } = manifest.dependencies;
  const packages = Object.keys({ ...dependencies, ...manifest.peerDependencies });
  const isExternal = new RegExp(`^(?:node:|#|(?:${packages.join("|")})(?:/|$))`);
  await using bundler = await rolldown({
    cwd: root,
    input: Object.fromEntries(ENTRIES.map((entry) => [entry, `src/${entry}.ts`])),
    // A name with `#` is resolved where the package runs.
    external: (id, importer = "") => isExternal.test(id) && !(isOfCommander(importer) && id in BUILTINS_OF_COMMANDER),
    plugins: [pureValues, lightCommander],
    platform: "neutral",
    resolve: { mainFields: ["module", "main"] },
    preserveEntrySignatures: "allow-extension",
    // It warns of modules that are imported on first use by one file and statically by another one.
    checks: { ineffectiveDynamicImport: false, bundlerTimings: false },
  });
  const { output } = await bundler.generate({
    format: "esm",
    sourcemap: true,
    entryFileNames: "[name].js",
    chunkFileNames: "shared/[name].js",
    comments: { legal: false, annotation: true, jsdoc: false },
    codeSplitting: { includeDependenciesRecursively: false, groups: [{ debugName: "shared", name: chunkFinder() }] },
  });
  return output;
}

/** Returns the function that names the chunk of a module; `null` leaves it to the bundler. */
function chunkFinder() {
  const closures = new Map();
  const entries = new Set(ENTRIES.map((entry) => join(root, "src", `${entry}.ts`)));
  const adapters = new Set(ADAPTERS.map((path) => join(root, "src", path)));
  return (id, graph) => {
    if (entries.has(id) && !adapters.has(id)) return null;
    const isImportedBy = (file) => {
      const start = join(root, "src", file);
      if (!closures.has(start)) closures.set(start, closureOf(start, graph));
      return closures.get(start).has(id);
    };
    return CHUNKS.find(({ lists }) => lists.some((files) => files.every(isImportedBy)))?.name ?? null;
  };
}

/** Returns a module and what it imports, except on first use. */
function closureOf(id, graph, seen = new Set()) {
  if (seen.has(id)) return seen;
  seen.add(id);
  const module = graph.getModuleInfo(id);
  if (module === null) throw new Error(`No entry imports ${id}, which the list of chunks names.`);
  for (const next of module.importedIds) closureOf(next, graph, seen);
  return seen;
}

/** Returns the licences of the packages that are bundled: each asks to be kept with copies. */
function licencesOf(output) {
  const ids = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
  const folders = ids.map((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0]).filter(Boolean);
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const [file] = globSync("{licen[cs]e,LICEN[CS]E,License}{,.md,.txt,-MIT}", { cwd: folder });
    if (file === undefined) throw new Error(`${name} is bundled, and has no file with its licence.`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  });
  return `The code in this folder contains parts of these packages.\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`;
}
