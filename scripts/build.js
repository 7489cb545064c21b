// Builds dist/, unless nothing has changed: the admin's page from admin-ui/, the bundles of src/, and the declarations of the public entries.
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { buildAdmin } from "./build-admin.js";
import { bundle, PUBLIC_ENTRIES } from "./bundle.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
/** Every declaration: the compiler writes only those that have changed. Not published. */
const types = join(dist, ".types");

const stamp = join(types, ".inputs");
const inputs = stampOfInputs();
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== inputs) {
  rmSync(stamp, { force: true });
  await Promise.all([bundle(), buildAdmin(), declare()]);
  chmodSync(join(dist, "cli/bin.js"), 0o755);
  writeFileSync(stamp, inputs);
}

/** Returns what changes with each file that the build reads. Every script of package.json builds first, mostly without a change. */
function stampOfInputs() {
  const files = globSync(["{src,admin-ui/src,scripts}/**/*.*", "{,admin-ui/}{*.json,*.ts,*.html}"], {
    cwd: root,
  }).sort();
  return files.map((file) => `${file} ${statSync(join(root, file)).mtimeMs}`).join("\n");
}

async function declare() {
  const compiler = fileURLToPath(import.meta.resolve("typescript/lib/tsc.js"));
  const options = [
    "--emitDeclarationOnly",
    "--outDir",
    types,
    "--incremental",
    "--tsBuildInfoFile",
    join(types, ".tsbuildinfo"),
  ];
  const [code] = await once(spawn(process.execPath, [compiler, "-p", root, ...options], { stdio: "inherit" }), "exit");
  if (code !== 0) process.exit(code ?? 1);
  const published = new Set();
  for (const entry of PUBLIC_ENTRIES) addWithImports(join(types, `${entry}.d.ts`), published);
  for (const path of published) {
    const target = join(dist, relative(types, path));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(path, target);
  }
  for (const path of globSync("**/*.d.ts", { cwd: dist })) {
    if (!published.has(join(types, path)) && path !== "admin/page-assets.d.ts") rmSync(join(dist, path));
  }
}

/** Adds a declaration and those that it imports. */
function addWithImports(path, found) {
  if (found.has(path)) return;
  found.add(path);
  for (const [, name] of readFileSync(path, "utf8").matchAll(/(?:from|import\() ?"(\.[^"]+)\.ts"/g)) {
    addWithImports(join(dirname(path), `${name}.d.ts`), found);
  }
}
