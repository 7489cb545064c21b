// Builds dist/ from src/, one output file per source file. Incremental: a second run with nothing changed takes a second.
import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = fileURLToPath(import.meta.resolve("typescript/lib/tsc.js"));
execFileSync(process.execPath, [compiler, "-p", "tsconfig.json", "--incremental"], { cwd: root, stdio: "inherit" });
chmodSync(new URL("../dist/cli/bin.js", import.meta.url), 0o755);
