import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TEMPLATES } from "./server-template.ts";

/** Creates the folder for server templates before a test run. Vitest calls the returned function after the last test. */
export default async function keepTemplates(): Promise<(() => Promise<void>) | undefined> {
  // Every project of Vitest calls this function; only the first call creates the folder.
  if (process.env[TEMPLATES] !== undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "maintenance-templates-"));
  process.env[TEMPLATES] = folder;
  return () => rm(folder, { recursive: true, force: true });
}
