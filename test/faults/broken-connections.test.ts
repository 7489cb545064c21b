import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FixtureRun, runFixture } from "../fixtures/run-fixture.ts";
import { startBreakingProxy } from "../support/servers/breaking-proxy.ts";
import type { PostgresServer } from "../support/servers/postgres.ts";
import { openPlace, POSTGRES, STORES_WITH_A_SERVER, type StoreServer } from "../support/servers/store-kinds.ts";

/** Covers each server's handshake and its responses to the first calls. */
const BYTES = 600;
/** The number of storms, in each of which the server ends every connection, and the milliseconds between two of them. */
const STORMS = 80;
const PACE = 20;

for (const kind of STORES_WITH_A_SERVER) {
  kind.suite(`connections to ${kind.name} that break`, () => {
    let server: StoreServer;
    beforeAll(async () => {
      server = await kind.start();
      await (await openPlace(kind, server, "place")).close();
    });
    afterAll(() => server?.stop());

    const owners = kind === POSTGRES ? ["own", "application"] : ["own"];

    test.each(owners)("never end the process at any byte (pool: %s)", async (owner) => {
      const proxy = await startBreakingProxy(server.port, BYTES);
      const options = JSON.stringify({ ...kind.options(server, "place", proxy.port), timeout: 1_000 });
      const run = runFixture("read-and-watch", kind.store, options, owner);
      await run.lines.next();
      await Promise.race([proxy.reached, run.ended]);
      await goesOn(run);
      await proxy.close();
    });

    if (kind !== POSTGRES) return;
    describe("by the server", () => {
      test.each(owners)("never end the process (pool: %s)", async (owner) => {
        const options = JSON.stringify(kind.options(server, "place", server.port));
        const run = runFixture("read-and-watch", kind.store, options, owner);
        await run.lines.next();
        // One connection for all storms: a new one would be queued behind those that it ends.
        const client = new pg.Client({ connectionString: (server as PostgresServer).url() });
        await client.connect();
        const others = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()";
        for (let storm = 0; storm < STORMS && run.child.exitCode === null; storm += 1) {
          await client.query(`${others} and datname = 'place'`);
          await sleep(PACE);
        }
        await client.end();
        await goesOn(run);
      });
    });
  });
}

/** Ends the input of the fixture, and expects that it then exits cleanly and has read something. */
async function goesOn({ child, ended }: FixtureRun): Promise<void> {
  child.stdin?.end();
  const { output, code, signal } = await ended;
  expect({ code, signal }).toEqual({ code: 0, signal: null });
  expect(Number(/reads (\d+)/.exec(output)?.[1])).toBeGreaterThan(0);
}
