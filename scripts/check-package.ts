// Checks the package as published: publint, "are the types wrong", and the size of each entry. Prints the findings; exits with 1 if there are any.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { type PackedPackage, packPackage } from "../test/installed/packed-package.ts";
import {
  measureEntry,
  measureWorker,
  SIZE_LIMITS,
  sizeOfProgram,
  TARBALL_LIMIT,
  WORKER_LIMIT,
} from "../test/package/size-limits.ts";

const packed = packPackage();
try {
  const findings = [...(await lintManifest(packed)), ...checkTypes(packed), ...(await checkSizes(packed))];
  for (const finding of findings) console.error(`- ${finding}`);
  if (findings.length > 0) process.exitCode = 1;
} finally {
  packed.remove();
}

async function lintManifest({ folder }: PackedPackage): Promise<readonly string[]> {
  const { messages, pkg } = await publint({ pkgDir: folder, pack: false, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);
}

function checkTypes({ tarball }: PackedPackage): readonly string[] {
  const attw = fileURLToPath(new URL("../node_modules/@arethetypeswrong/cli/dist/index.js", import.meta.url));
  const options = ["--profile", "esm-only", "--no-emoji", "--no-color"];
  const { status, stdout } = spawnSync(process.execPath, [attw, tarball, ...options], { encoding: "utf8" });
  return status === 0 ? [] : [`attw:\n${stdout}`];
}

async function checkSizes(packed: PackedPackage): Promise<readonly string[]> {
  const { folder, manifest } = packed;
  const rows: { entry: string; bytes: number; limit: number }[] = [];
  for (const [entry, target] of Object.entries(manifest.exports)) {
    if (!target.endsWith(".js")) continue;
    rows.push({ entry, bytes: await measureEntry(folder, target), limit: SIZE_LIMITS[entry] ?? 0 });
  }
  rows.push({ entry: "(a Worker)", bytes: await measureWorker(folder), limit: WORKER_LIMIT });
  rows.push({
    entry: "(the tarball, without source maps, docs and examples)",
    bytes: sizeOfProgram(packed),
    limit: TARBALL_LIMIT,
  });
  console.table(rows);
  return rows
    .filter(({ bytes, limit }) => bytes > limit)
    .map(({ entry, bytes, limit }) => `size: ${entry} has ${bytes} bytes, and its limit is ${limit}`);
}
