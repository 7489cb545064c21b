// Builds dist/: the admin's page from admin-ui/, then one output file per source file from src/. The build is incremental: a second run without
// changes takes a second.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, globSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildAdmin } from "./build-admin.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = fileURLToPath(import.meta.resolve("typescript/lib/tsc.js"));

await buildAdmin();
removeOutputsOfRemovedSources();
execFileSync(
  process.execPath,
  [compiler, "-p", "tsconfig.json", "--incremental", "--tsBuildInfoFile", "dist/.tsbuildinfo"],
  { cwd: root, stdio: "inherit" },
);
chmodSync(new URL("../dist/cli/bin.js", import.meta.url), 0o755);

/** The compiler never removes a file: after a renaming, the old file would still be published. */
function removeOutputsOfRemovedSources() {
  for (const output of globSync("dist/**/*.js", { cwd: root })) {
    const source = output.replace(/^dist/, "src").replace(/\.js$/, ".ts");
    if (output === "dist/admin/page-assets.js" || existsSync(`${root}${source}`)) continue;
    for (const file of [output, output.replace(/\.js$/, ".d.ts")]) rmSync(`${root}${file}`, { force: true });
  }
}
