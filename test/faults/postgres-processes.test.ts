import { afterAll, beforeAll } from "vitest";
import { postgresStore } from "../../src/stores/postgres.ts";
import { processCases } from "../support/process-cases.ts";
import { requireService } from "../support/require-service.ts";
import { POSTGRES_BINARY, POSTGRES_INSTALL, type PostgresServer, startPostgres } from "../support/servers/postgres.ts";

requireService(
  "PostgreSQL",
  POSTGRES_INSTALL,
  POSTGRES_BINARY !== null,
)("PostgreSQL with several processes", () => {
  let server: PostgresServer;
  let cases = 0;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  processCases("postgres", postgresStore, async () => ({ url: server.url(), schema: `case_${++cases}` }));
});
