import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { mysqlStore } from "../../src/stores/mysql.ts";
import { postgresStore } from "../../src/stores/postgres.ts";
import { sqliteStore } from "../../src/stores/sqlite.ts";
import { change } from "../../src/testing/stores/session.ts";
import { runFixture } from "../fixtures/run-fixture.ts";
import { refusedChangeCases } from "../support/refused-change-cases.ts";
import { requireService } from "../support/require-service.ts";
import { freePort } from "../support/servers/free-port.ts";
import { startNats } from "../support/servers/nats.ts";
import { MARIADB, NATS, OBJECT_STORAGE, openPlace, POSTGRES, REDIS, SQLITE } from "../support/servers/store-kinds.ts";

/** Configures a user for clients without credentials. */
const natsUser = (rights = ""): string =>
  `no_auth_user: app, authorization: { users: [{ user: app, password: pw, ${rights} }] }`;

const databases = new Map<string, DatabaseSync>();

refusedChangeCases([
  {
    kind: SQLITE,
    what: "a database that may only be queried",
    hint: /Let this user write/,
    async open({ folder }, id) {
      const database = new DatabaseSync(join(folder, `${id}.db`));
      databases.set(id, database);
      return sqliteStore({ client: database });
    },
    async begin(_server, id) {
      databases.get(id)?.exec("pragma query_only = on");
      return async () => databases.get(id)?.exec("pragma query_only = off");
    },
  },
]);

refusedChangeCases([
  {
    kind: POSTGRES,
    what: "a server that takes reading transactions alone, as a replica does",
    hint: /replica/,
    async begin(server, id) {
      const restart = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${id}'`;
      await server.execute(`alter database ${id} set default_transaction_read_only = on`);
      await server.execute(restart);
      return async () => {
        await server.execute(`alter database ${id} reset default_transaction_read_only`);
        await server.execute(restart);
      };
    },
  },
  {
    kind: POSTGRES,
    what: "a user whose rights were taken away",
    hint: /GRANT/,
    async open(server, id) {
      await (await openPlace(POSTGRES, server, id)).close();
      await server.execute("create role app login password 'pw'");
      await server.execute("grant select, insert, update, delete on all tables in schema public to app", id);
      return postgresStore({ url: server.url({ database: id, user: "app", password: "pw" }) });
    },
    async begin(server, id) {
      await server.execute("revoke insert, update, delete on all tables in schema public from app", id);
      return async () =>
        void (await server.execute("grant insert, update, delete on all tables in schema public to app", id));
    },
  },
]);

refusedChangeCases([
  {
    kind: MARIADB,
    what: "a server that is read-only, as a replica is",
    hint: /replica/,
    async open(server, id) {
      await (await openPlace(MARIADB, server, id)).close();
      await server.execute("create user shop@'%' identified by 'pw'");
      await server.execute(`grant select, insert, update, delete on ${id}.* to shop@'%'`);
      return mysqlStore({ url: server.url({ database: id, user: "shop", password: "pw" }) });
    },
    async begin(server) {
      await server.execute("set global read_only = 1");
      return async () => void (await server.execute("set global read_only = 0"));
    },
  },
]);

refusedChangeCases([
  {
    kind: REDIS,
    what: "a server that became a replica, and whose primary is away",
    hint: /use the primary/,
    async begin(server) {
      await server.command("REPLICAOF", "127.0.0.1", String(await freePort()));
      return async () => void (await server.command("REPLICAOF", "NO", "ONE"));
    },
  },
]);

refusedChangeCases([
  {
    kind: { ...NATS, start: () => startNats({ config: natsUser() }) },
    what: "a user whose rights were taken away",
    hint: /Grant this user/,
    async begin(server, id) {
      await server.reload(natsUser(`permissions: { publish: { deny: "$KV.${id}.>" } }`));
      return () => server.reload(natsUser());
    },
  },
]);

refusedChangeCases([
  {
    kind: OBJECT_STORAGE,
    what: "a user who may not write",
    hint: /s3:PutObject/,
    async begin(server) {
      server.intercept(({ method }) => (method === "PUT" ? [403, "AccessDenied"] : undefined));
      return async () => server.intercept(() => undefined);
    },
  },
]);

requireService(
  "another user",
  "the rights of root, to run as nobody",
  process.getuid?.() === 0,
)("a process without permission to write the SQLite file", () => {
  test("can still be read while other processes have it open, and reports the missing permission", async () => {
    const folder = await mkdtemp(join(tmpdir(), "maintenance-"));
    await chmod(folder, 0o755);
    const path = join(folder, "state.db");
    const store = sqliteStore({ path });
    await change(store, { shop: { mode: "closed" } });
    const { output } = await runFixture("use-sqlite-as-nobody", path).ended;
    expect(JSON.parse(output)).toEqual({
      version: 1,
      code: "ERR_STORE_UNAVAILABLE",
      hint: expect.stringContaining(`Let this user write to ${path} and ${folder}`),
    });
    await store.close();
    await rm(folder, { recursive: true });
  });
});
