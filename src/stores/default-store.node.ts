import { join } from "node:path";
import { fileStore } from "./file.ts";
import { findProjectRoot } from "./file-project-root.ts";
import type { Store } from "./store.ts";

/** Where the state is when no store is named: the file that the application and the command line both find, by the project's root. */
export function createDefaultStore(root: string = findProjectRoot(process.cwd())): Store {
  return fileStore({ path: join(root, ".maintenance", "state.json") });
}
