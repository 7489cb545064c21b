import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { messageOf } from "../../src/errors.ts";
import { postgresStore } from "../../src/stores/postgres.ts";
import { change } from "../../src/testing/stores/session.ts";
import { databaseServerCases } from "../support/database-server-cases.ts";
import { documentedGrants } from "../support/documented-grants.ts";
import { requireService } from "../support/require-service.ts";
import { POSTGRES_BINARY, POSTGRES_INSTALL, type PostgresServer, startPostgres } from "../support/servers/postgres.ts";

requireService(
  "PostgreSQL",
  POSTGRES_INSTALL,
  POSTGRES_BINARY !== null,
)("the PostgreSQL store and its server", () => {
  let server: PostgresServer;
  let cases = 0;
  beforeAll(async () => {
    server = await startPostgres({ fsync: true });
  });
  afterAll(() => server?.stop());

  async function fresh(): Promise<string> {
    const database = `case_${++cases}`;
    await server.execute(`create database ${database}`);
    return server.url({ database });
  }
  const execute = (sql: string, url: string) => server.execute(sql, new URL(url).pathname.slice(1));

  databaseServerCases(
    (options) => postgresStore({ ...options, heartbeat: 100 }),
    () => ({
      server,
      fresh,
      async restrictedUser(url, edit = (grants) => grants) {
        const user = `app_${++cases}`;
        await execute(`create role ${user} login password 'pw'`, url);
        for (const grant of edit(documentedGrants("postgres", user, ""))) await execute(grant, url);
        return server.url({ database: new URL(url).pathname.slice(1), user, password: "pw" });
      },
    }),
  );

  test("the application's own pool is used for everything, and not closed", async () => {
    const pool = new pg.Pool({ connectionString: await fresh(), max: 2 });
    const store = postgresStore({ client: pool, autoMigrate: true });
    const ending = new AbortController();
    let hints = 0;
    const hear = (): void => {
      hints += 1;
    };
    const watching = store.watch?.(hear, { signal: ending.signal });
    await expect.poll(() => hints).toBe(1);
    await change(store, { shop: {} });
    await expect.poll(() => hints).toBe(2);
    ending.abort();
    await watching;
    await store.close();
    expect((await pool.query("select version from maintenance_state")).rows).toEqual([{ version: "1" }]);
    await pool.end();
  });

  test("a pool of one connection works, and cannot be watched", async () => {
    const pool = new pg.Pool({ connectionString: await fresh(), max: 1 });
    const store = postgresStore({ client: pool, autoMigrate: true });
    await expect(store.watch?.(() => {}, { signal: new AbortController().signal })).rejects.toThrow(/one connection/);
    await change(store, { shop: {} });
    await store.close();
    await pool.end();
  });

  test("a server that accepts no changes can be read, and a change reports it", async () => {
    const url = await fresh();
    const writer = postgresStore({ url, autoMigrate: true });
    await change(writer, { shop: {} });
    await writer.close();
    const store = postgresStore({ url: `${url}?options=-c%20default_transaction_read_only%3Don`, autoMigrate: true });
    expect((await store.load()).version).toBe(1);
    await expect(change(store, { shop: null })).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      hint: expect.stringContaining("replica"),
    });
    await expect(store.members?.join({ id: "a", text: "{}" })).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      hint: expect.stringContaining("replica"),
    });
    expect((await store.examine?.())?.at(-1)).toMatchObject({ level: "error", subject: "permissions" });
    await store.close();
  });

  test("a standby is followed, and its list of processes is refused, because it may be old", async () => {
    const own = await startPostgres();
    const store = postgresStore({ url: own.url(), autoMigrate: true });
    try {
      await change(store, { shop: {} });
      await store.members?.join({ id: "a", text: "{}" });
      const [shown] = await own.execute("show data_directory");
      await own.execute("checkpoint");
      await own.kill();
      await writeFile(join(String(shown?.data_directory), "standby.signal"), "");
      await own.start();
      await expect.poll(() => store.load().then(({ version }) => version, messageOf), { timeout: 30_000 }).toBe(1);
      const refused = { code: "ERR_STORE_UNAVAILABLE", hint: expect.stringContaining("primary") };
      await expect(store.members?.list()).rejects.toMatchObject(refused);
      await expect(store.members?.join({ id: "b", text: "{}" })).rejects.toMatchObject(refused);
    } finally {
      await store.close();
      await own.stop();
    }
  });
});
