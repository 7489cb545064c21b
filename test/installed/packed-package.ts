import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** The package as npm would publish it, installed for the consumer projects in the same temporary folder. */
export interface PackedPackage {
  readonly tarball: string;
  /** The folder in which it is installed: `node_modules/maintenance-mode`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** The paths in the tarball. */
  readonly files: readonly string[];
  /** Copies a folder into a consumer project called `name`, and returns the project's path. */
  addConsumer(source: string, name: string): string;
  remove(): void;
}

/**
 * Packs the current `dist/`, and installs the tarball without a network: its dependencies and the packages that its users add (`others`)
 * come from the repository's node_modules.
 */
export function packPackage(others: readonly string[] = []): PackedPackage {
  if (!existsSync(join(ROOT, "dist/index.js"))) throw new Error("There is no dist/: run npm run build first.");
  const temporary = mkdtempSync(join(tmpdir(), "maintenance-mode-packed-"));
  const manifest: Manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const options = ["--ignore-scripts", "--json", "--pack-destination", temporary];
  const printed = execFileSync("npm", ["pack", ...options], { cwd: ROOT, encoding: "utf8", stdio: "pipe" });
  const [packed]: { filename: string; files: { path: string }[] }[] = JSON.parse(printed);
  if (packed === undefined) throw new Error(`npm pack made nothing: ${printed}`);
  const tarball = join(temporary, packed.filename);
  const folder = join(temporary, "node_modules", manifest.name);
  mkdirSync(folder, { recursive: true });
  execFileSync("tar", ["--extract", "--gzip", "--file", tarball, "--strip-components=1", "--directory", folder]);
  for (const name of [...Object.keys(manifest.dependencies), ...others]) {
    const link = join(temporary, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), link, "dir");
  }
  return {
    tarball,
    folder,
    manifest,
    files: packed.files.map((file) => file.path),
    addConsumer(source, name) {
      const target = join(temporary, name);
      cpSync(source, target, { recursive: true });
      return target;
    },
    remove: () => rmSync(temporary, { recursive: true }),
  };
}
