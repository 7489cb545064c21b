import { execFile } from "node:child_process";
import { cp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Store } from "../../src/stores/store.ts";
import { findBinary } from "../support/servers/find-binary.ts";
import { removeBucket } from "../support/servers/nats.ts";
import { POSTGRES_BINARY } from "../support/servers/postgres.ts";
import {
  MARIADB,
  NATS,
  OBJECT_STORAGE,
  openPlace,
  POSTGRES,
  REDIS,
  SQLITE,
  type StoreKind,
  type StoreServer,
} from "../support/servers/store-kinds.ts";
import { withSite } from "../support/site-under-fault.ts";

const run = promisify(execFile);

interface Losses<Server extends StoreServer> {
  readonly kind: StoreKind<Server>;
  /** Removes the whole state. Missing for stores in which this means that nothing is closed. */
  wipe?(server: Server, id: string): Promise<void>;
  /** Makes a backup; resolves with a function that restores it. */
  backup(server: Server, id: string): Promise<() => Promise<void>>;
  /** Executes SQL in the place; only for databases. */
  execute?(server: Server, id: string, sql: string): Promise<unknown>;
}

const STATE_TABLES = ["state", "sites", "changes", "change_records"];
const TABLES = [...STATE_TABLES, "migrations", "migrations_lock"];

function losses<Server extends StoreServer>({ kind, wipe, backup, execute }: Losses<Server>): void {
  kind.suite(`a site over ${kind.name}`, () => {
    let server: Server;
    let store: Store;
    let places = 0;
    let id = "";
    beforeAll(async () => {
      server = await kind.start();
    });
    beforeEach(async () => {
      places += 1;
      id = `place_${places}`;
      store = await openPlace(kind, server, id);
    });
    afterEach(() => store?.close());
    afterAll(() => server?.stop());

    if (execute) {
      test("keeps the state when the tables are dropped, reports it, and starts again after the next migration and switch", async () => {
        await withSite(store, async (site) => {
          expect(await site.switch("closed", store)).toBeNull();
          await site.becomes("closed");
          await site.holds("closed", async () => {
            for (const table of TABLES) await execute(server, id, `drop table maintenance_${table}`);
            await site.reports({ state: "stale", error: { code: "ERR_NOT_MIGRATED" } });
            expect(await site.switch("open", store)).toMatchObject({ code: "ERR_NOT_MIGRATED" });
            await store.migrations?.migrate();
            await site.reports({ state: "stale", error: { code: "ERR_STATE_UNREADABLE" } });
          });
          // The site is not closed in the new state, so it can be switched.
          expect(await site.switch("closed", store)).toBeNull();
          expect(await site.switch("open", store)).toBeNull();
          await site.becomes("open");
          await site.reports({ error: null, version: 2 });
        });
      });

      test.each([
        ["state", "stale"],
        ["changes", "stale"],
        // The table is only read when something changes or a process starts.
        ["sites", expect.any(String)],
      ])(
        "keeps the state when the table %s is missing, refuses to switch, and continues when it is back",
        async (table, state) => {
          await withSite(store, async (site) => {
            expect(await site.switch("closed", store)).toBeNull();
            await site.becomes("closed");
            await site.holds("closed", async () => {
              await execute(server, id, `alter table maintenance_${table} rename to gone`);
              expect(await site.switch("open", store)).toMatchObject({ code: "ERR_NOT_MIGRATED" });
              await site.reports({ state });
            });
            await execute(server, id, `alter table gone rename to maintenance_${table}`);
            await site.reports({ error: null, version: 1 });
            expect(await site.switch("open", store)).toBeNull();
            await site.becomes("open");
            await site.hasLostNothing(store);
          });
        },
      );
    }

    if (wipe) {
      test("keeps the state when it is wiped, reports it, and follows the state that the next switch begins", async () => {
        await withSite(store, async (site) => {
          expect(await site.switch("closed", store)).toBeNull();
          await site.becomes("closed");
          const { lineage } = site.gate.status();
          await site.holds("closed", async () => {
            await wipe(server, id);
            await site.reports({ state: "stale", error: { code: "ERR_STATE_UNREADABLE" } });
          });
          expect(await site.switch("closed", store)).toBeNull();
          expect(await site.switch("open", store)).toBeNull();
          await site.becomes("open");
          await site.reports({ error: null, version: 2 });
          expect(site.gate.status().lineage).not.toBe(lineage);
        });
      });
    }

    test("follows a restored backup, and not the lost changes", async () => {
      await withSite(store, async (site) => {
        expect(await site.switch("closed", store)).toBeNull();
        const restore = await backup(server, id);
        await expect.poll(() => site.switch("open", store), { timeout: 30_000 }).toBeNull();
        await site.becomes("open");
        await restore();
        await site.becomes("closed");
        await site.reports({ error: null, version: 1 });
        await expect.poll(() => site.switch("open", store), { timeout: 30_000 }).toBeNull();
        await site.becomes("open");
        await site.reports({ error: null, version: 2 });
      });
    });
  });
}

losses({
  kind: SQLITE,
  wipe: ({ folder }, id) => removeDatabase(join(folder, `${id}.db`)),
  async backup({ folder }, id) {
    const [path, copy] = [join(folder, `${id}.db`), join(folder, "copy.db")];
    sqlite(path, `vacuum into '${copy}'`);
    return async () => {
      await removeDatabase(path);
      await rename(copy, path);
    };
  },
  execute: async ({ folder }, id, sql) => sqlite(join(folder, `${id}.db`), sql),
});

losses({
  kind: POSTGRES,
  async wipe(server, id) {
    const tables = STATE_TABLES.map((table) => `maintenance_${table}`);
    await server.execute(`truncate table ${tables.join()}`, id);
  },
  async backup(server, id) {
    const tool = (name: string, ...args: readonly string[]): Promise<unknown> =>
      run(join(dirname(POSTGRES_BINARY ?? ""), name), ["-d", server.url({ database: id }), ...args]);
    const file = join(server.folder, `${id}.sql`);
    await tool("pg_dump", "--clean", "-f", file);
    return async () => void (await tool("psql", "-q", "-f", file));
  },
  execute: (server, id, sql) => server.execute(sql, id),
});

losses({
  kind: MARIADB,
  async wipe(server, id) {
    for (const table of STATE_TABLES) await server.execute(`truncate table maintenance_${table}`, id);
  },
  async backup(server, id) {
    const { password, username } = new URL(server.url());
    const at = ["--no-defaults", "-h", "127.0.0.1", "-P", String(server.port), "-u", username, `-p${password}`, id];
    const { stdout } = await run(findBinary(["mariadb-dump"]) ?? "mariadb-dump", at);
    return async () => {
      const restoring = run(findBinary(["mariadb"]) ?? "mariadb", at);
      restoring.child.stdin?.end(stdout);
      await restoring;
    };
  },
  execute: (server, id, sql) => server.execute(sql, id),
});

losses({
  kind: REDIS,
  wipe: async (server) => void (await server.command("FLUSHALL")),
  async backup(server, id) {
    const keys = ["head", "sites", "changes"].map((key) => `{${id}:}${key}`);
    for (const key of keys) await server.command("COPY", key, `backup:${key}`);
    return async () => {
      for (const key of keys) await server.command("COPY", `backup:${key}`, key, "REPLACE");
    };
  },
});

losses({
  kind: NATS,
  wipe: ({ address }, id) => removeBucket(address, id),
  async backup(server) {
    const [data, copy] = [join(server.folder, "jetstream"), join(server.folder, "copy")];
    await server.kill("SIGTERM");
    await cp(data, copy, { recursive: true });
    await server.start();
    return async () => {
      await server.kill("SIGTERM");
      await rm(data, { recursive: true });
      await rename(copy, data);
      await server.start();
    };
  },
});

losses({
  kind: OBJECT_STORAGE,
  async backup({ objects }, id) {
    const copy = objects.get(`${id}.json`) ?? "";
    return async () => void objects.set(`${id}.json`, copy);
  },
});

function sqlite(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(`pragma busy_timeout = 5000; ${sql}`);
  database.close();
}

async function removeDatabase(path: string): Promise<void> {
  for (const end of ["", "-wal", "-shm"]) await rm(`${path}${end}`, { force: true });
}
