import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { MaintenanceError, messageOf } from "../../errors.ts";

/** What the commands read of a package.json. */
export interface Manifest {
  readonly isModule: boolean;
  readonly dependencies: ReadonlySet<string>;
}

/** Without the file: nothing is known. */
export async function readManifest(path: string): Promise<Manifest> {
  if (!existsSync(path)) return { isModule: false, dependencies: new Set() };
  try {
    const manifest: unknown = JSON.parse(await readFile(path, "utf8"));
    const member = (name: string): unknown => Reflect.get(Object(manifest), name);
    const kinds = ["dependencies", "devDependencies", "peerDependencies"].map((kind) =>
      Object.keys(Object(member(kind))),
    );
    return { isModule: member("type") === "module", dependencies: new Set(kinds.flat()) };
  } catch (cause) {
    const hint = "Mend it, and run this again.";
    throw new MaintenanceError("ERR_CONFIG_FILE", `'${path}' cannot be read: ${messageOf(cause)}.`, { hint, cause });
  }
}
