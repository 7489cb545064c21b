import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TEMPLATES } from "./server-template.ts";

/** Before the tests of a run: gives the servers a folder for their templates. Vitest calls what it returns after the last test. */
export default async function keepTemplates(): Promise<(() => Promise<void>) | undefined> {
  // Each kind of tests calls it.
  if (process.env[TEMPLATES] !== undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "maintenance-templates-"));
  process.env[TEMPLATES] = folder;
  return () => rm(folder, { recursive: true, force: true });
}
