import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The variable with the folder that a run of the tests keeps templates in. */
export const TEMPLATES = "SERVER_TEMPLATES";

/**
 * Fills the data folder of a server. The first call of a run does what `make` does and keeps a copy, the following ones take that copy:
 * a database cluster takes seconds to make and a fraction of one to copy. Rejects with what `make` rejects with.
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
  // Another worker may have been first.
  await rename(own, template).catch(() => rm(own, { recursive: true, force: true }));
}

/** With owners and rights, and without the zeros that logs are filled with in advance. */
async function copy(from: string, to: string): Promise<void> {
  await run("cp", ["-a", "--sparse=always", from, to]);
}
