import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The environment variable with the folder that a test run keeps templates in. */
export const TEMPLATES = "SERVER_TEMPLATES";

/**
 * Fills the data folder of a server. The first call of a test run calls `make` and keeps a copy, which later calls use: creating a database
 * cluster takes seconds, copying it a fraction of one. Rejects with the error of `make`.
 */
export async function fillFromTemplate(name: string, data: string, make: () => Promise<unknown>): Promise<void> {
  const templates = process.env[TEMPLATES];
  if (templates === undefined) {
    await make();
    return;
  }
  const template = join(templates, name);
  if (existsSync(template)) {
    await copy(template, data);
    return;
  }
  await make();
  const own = join(templates, `${name}-${process.pid}`);
  await copy(data, own);
  // Another worker may have created the template first.
  await rename(own, template).catch(() => rm(own, { recursive: true, force: true }));
}

/** Copies with owners and permissions, but without the zeros in preallocated logs. */
async function copy(from: string, to: string): Promise<void> {
  await run("cp", ["-a", "--sparse=always", from, to]);
}
