import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { sqliteStore } from "../../src/stores/sqlite.ts";
import { processCases } from "../support/process-cases.ts";

describe("SQLite with several processes", () => {
  let folder: string;
  let cases = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "maintenance-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  processCases("sqlite", sqliteStore, async () => ({ path: join(folder, `${++cases}.db`), autoMigrate: false }));
});
