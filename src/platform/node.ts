export { identifyThisProcess, isAlive } from "./process-identity.ts";

import { channel } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { uptime } from "node:os";
import { join } from "node:path";
import { findProjectRoot } from "../config/project-root.ts";
import type { ProcessDescription } from "../fleet/presence.ts";
import type { Store } from "../stores/store.ts";
import type { DiagnosticsChannels } from "../telemetry/diagnostics.ts";
import { identifyThisProcess } from "./process-identity.ts";

/** Returns the store that is used if none is configured: a file that the application and the command line both find from the project's root. */
export async function createDefaultStore(root: string = findProjectRoot(process.cwd())): Promise<Store> {
  const { fileStore } = await import("../stores/file.ts");
  return fileStore({ path: join(root, ".maintenance", "state.json") });
}

/** Returns the text of a template file, relative to the working directory. Rejects with the error of the file system. */
export async function readTemplate(path: string): Promise<string> {
  return await readFile(path, "utf8");
}

/** Returns the channels of this process, which all gates share. */
export function openChannels(): DiagnosticsChannels {
  return {
    switched: channel("maintenance-mode:switched"),
    blocked: channel("maintenance-mode:blocked"),
    bypassed: channel("maintenance-mode:bypassed"),
  };
}

/** Returns the description of this process for the list of processes. */
export function describeProcess(): ProcessDescription {
  return {
    process: identifyThisProcess(),
    runtime: runtimeName(process.versions),
    library: readLibraryVersion(),
    uptime: () => uptime() * 1_000,
  };
}

function runtimeName({ bun, deno, node }: NodeJS.ProcessVersions): string {
  if (bun !== undefined) return `bun ${bun}`;
  return deno === undefined ? `node ${node}` : `deno ${deno}`;
}

/** Returns an empty text if the application has bundled this package: then its manifest is not beside it. */
function readLibraryVersion(): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    const { name, version } = Object(manifest);
    return name === "maintenance-mode" && typeof version === "string" ? version : "";
  } catch {
    return "";
  }
}
