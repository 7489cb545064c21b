import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { isMaintenanceError, type MaintenanceError, messageOf } from "../../src/errors.ts";
import type { Store } from "../../src/stores/store.ts";
import { createTcpProxy } from "../../src/testing/doubles/tcp-proxy.ts";
import { change } from "../../src/testing/stores/session.ts";
import { freePort } from "./servers/free-port.ts";
import type { RunningServer } from "./servers/start-server.ts";

/** The store options that these cases set. */
export interface ServerStoreOptions {
  readonly url: string;
  readonly timeout?: number;
  readonly autoMigrate?: boolean;
}

export interface DatabaseUnderTest {
  readonly server: RunningServer & { readonly port: number };
  /** Creates a database without tables and returns its URL. */
  fresh(): Promise<string>;
  /**
   * Creates a user with exactly the rights that docs/stores-sql.md lists for the tables of `url`, after `edit`; returns the URL with that
   * user.
   */
  restrictedUser(url: string, edit?: (grants: readonly string[]) => readonly string[]): Promise<string>;
}

/** Defines the cases that a store over a database server of any kind must pass. */
export function databaseServerCases(
  open: (options: ServerStoreOptions) => Store,
  database: () => DatabaseUnderTest,
): void {
  async function using<T>(options: ServerStoreOptions, work: (store: Store) => Promise<T>): Promise<T> {
    const store = open(options);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  const changed = (url: string, edit: (parsed: URL) => void): string => {
    const parsed = new URL(url);
    edit(parsed);
    return parsed.href;
  };

  async function prepared(): Promise<string> {
    const url = await database().fresh();
    await using({ url }, async (store) => void (await store.migrations?.migrate()));
    return url;
  }

  test("a wrong password is reported without the password", async () => {
    const url = changed(await prepared(), (parsed) => {
      parsed.password = "n%C3%B6t-the-s%40me";
    });
    const error = await using({ url }, (store) => failureOf(store.load()));
    expect(error.code).toBe("ERR_STORE_UNAVAILABLE");
    expect(error.hint).toMatch(/password/);
    for (const secret of ["n%C3%B6t-the-s%40me", "nöt-the-s@me"])
      expect(inspect(error, { depth: 9 })).not.toContain(secret);
    expect(open({ url }).name).not.toContain("the-s");
  });

  test("a missing server, an invalid host and a missing database are reported with the fix", async () => {
    const url = await prepared();
    const port = String(await freePort());
    const mistakes: readonly [string, (parsed: URL) => void, RegExp][] = [
      ["port", (parsed) => Object.assign(parsed, { port }), /Start .+, or fix host and port/],
      ["host", (parsed) => Object.assign(parsed, { hostname: "nowhere.invalid" }), /Fix the host/],
      ["database", (parsed) => Object.assign(parsed, { pathname: "/no_such_database" }), /Create the database/],
    ];
    for (const [what, mistake, hint] of mistakes) {
      const error = await using({ url: changed(url, mistake) }, (store) => failureOf(store.load()));
      expect([what, error.code, error.hint]).toEqual([what, "ERR_STORE_UNAVAILABLE", expect.stringMatching(hint)]);
    }
  });

  test("without tables, every call names the missing table and the command that creates it", async () => {
    const url = await database().fresh();
    await using({ url }, async (store) => {
      for (const call of [() => store.load(), () => store.history({ limit: 1 }), () => change(store, { shop: {} })]) {
        const error = await failureOf(call());
        expect([error.code, error.hint]).toEqual([
          "ERR_NOT_MIGRATED",
          expect.stringContaining("maintenance-mode migrate"),
        ]);
        expect(error.message).toContain("maintenance_state");
      }
      expect(await store.migrations?.list()).toEqual([
        { name: "0001-state", applied: false },
        { name: "0002-log", applied: false },
        { name: "0003-members", applied: false },
      ]);
      await store.migrations?.migrate();
      expect((await change(store, { shop: {} })).version).toBe(1);
    });
  });

  test("a user with the documented permissions can use the whole store, and one without gets an error", async () => {
    const url = await prepared();
    const restricted = await database().restrictedUser(url);
    await using({ url: restricted }, async (store) => {
      await change(store, { shop: {}, blog: {} });
      const position = await change(store, { shop: null });
      const content = { ...position, records: [], history: await store.history({ limit: 1 }) };
      expect((await store.importState(content, position)).ok).toBe(true);
      expect(await useMembers(store)).toBe("ok");
      expect((await store.examine?.())?.filter(({ level }) => level !== "ok")).toEqual([]);
      const error = await failureOf(store.migrations?.migrate("none") ?? Promise.resolve());
      expect([error.code, error.hint]).toEqual(["ERR_STORE_UNAVAILABLE", expect.stringContaining("GRANT")]);
    });
  });

  describe.each([
    ["change", (grant: string) => grant],
    ["read", (grant: string) => grant.replace("SELECT, INSERT, UPDATE, DELETE", "SELECT")],
  ] as const)("a user who may only %s the tables of an earlier release", (may, edit) => {
    test.each([true, false])("follows the state as before, and has no list (autoMigrate: %s)", async (autoMigrate) => {
      const url = await database().fresh();
      await using({ url }, async (store) => {
        await store.migrations?.migrate("0002-log");
        await change(store, { shop: {} });
      });
      const restricted = await database().restrictedUser(url, (grants) =>
        grants.filter((grant) => !grant.includes("maintenance_members")).map(edit),
      );
      await using({ url: restricted, autoMigrate }, async (store) => {
        const from = await store.load();
        expect(from.version).toBe(1);
        expect(await useMembers(store)).toMatch(/^ERR_(NOT_MIGRATED|STORE_UNAVAILABLE)$/);
        expect(await useMembers(store)).toMatch(/^ERR_(NOT_MIGRATED|STORE_UNAVAILABLE)$/);
        expect(await store.changesSince(from)).toEqual([]);
        expect(await store.history({ limit: 10 })).toHaveLength(1);
        if (may === "change") expect((await change(store, { shop: null })).version).toBe(2);
        const ending = new AbortController();
        await new Promise<void>((resolve, reject) => {
          if (store.watch === undefined) resolve();
          store.watch?.(() => resolve(), { signal: ending.signal }).catch(reject);
        });
        ending.abort();
        const warned = (await store.examine?.())?.find(({ subject }) => subject === "list of processes");
        expect(warned?.level).toBe("warn");
      });
    });
  });

  test("examining checks server, latency, clock, migrations and permissions", async () => {
    await using({ url: await prepared() }, async (store) => {
      const findings = (await store.examine?.()) ?? [];
      const subjects = ["server", "latency", "clock of the server", "migrations", "list of processes", "permissions"];
      expect(findings.map(({ subject }) => subject)).toEqual(subjects);
      expect(findings.filter(({ level }) => level === "error")).toEqual([]);
    });
    await using({ url: await database().fresh() }, async (store) => {
      expect((await store.examine?.())?.at(-1)).toMatchObject({ level: "error", subject: "migrations" });
    });
    const url = changed(await prepared(), (parsed) => Object.assign(parsed, { password: "wrong" }));
    await using({ url }, async (store) => {
      expect((await store.examine?.())?.at(-1)).toMatchObject({ level: "error", subject: "connection" });
    });
  });

  test("100,000 records are changed at once, and changing one of them costs one", async () => {
    await using({ url: await prepared(), timeout: 60_000 }, async (store) => {
      const ids = Array.from({ length: 100_000 }, (_, index) => `site-${index}`);
      const from = await change(store, Object.fromEntries(ids.map((id) => [id, { id }])));
      expect((await store.load()).records).toHaveLength(100_000);
      const loaded = await store.load({ sites: ["site-7"] });
      expect(loaded.records).toEqual([{ id: "site-7", version: 1, text: '{"id":"site-7"}' }]);
      await store.commit({
        ...draftOf(from.lineage),
        records: [{ id: "site-7", seen: 1, before: '{"id":"site-7"}', after: "{}" }],
      });
      const changes = await store.changesSince(from);
      expect(changes).toMatchObject([{ version: 2, records: [{ id: "site-7", seen: 1, after: "{}" }] }]);
      expect(await store.changesSince({ lineage: "", version: 0 })).toBe("reload");
    });
  });

  test("a connection that drops everything times out, and the next call gets another", async () => {
    const url = await prepared();
    const proxy = await createTcpProxy({ to: { host: "127.0.0.1", port: database().server.port } });
    try {
      const through = changed(url, (parsed) => Object.assign(parsed, { port: String(proxy.port) }));
      await using({ url: through, timeout: 1_500 }, async (store) => {
        await change(store, { shop: {} });
        const lost = await watchUntilLost(store);
        proxy.pause();
        expect(await lost()).toBe("ERR_STORE_UNAVAILABLE");
        expect((await failureOf(store.load())).code).toBe("ERR_STORE_UNAVAILABLE");
        expect((await failureOf(change(store, { shop: null }))).code).toBe("ERR_STORE_UNAVAILABLE");
        const impatient = new AbortController();
        const reason = new Error("no longer wanted");
        const waiting = store.load({ signal: impatient.signal });
        impatient.abort(reason);
        await expect(waiting).rejects.toBe(reason);
        await proxy.resume();
        await expect.poll(() => store.load().then(({ version }) => version, messageOf), { timeout: 30_000 }).toBe(1);
        expect((await change(store, { blog: {} })).version).toBe(2);
        proxy.pause();
        // `close` does not wait for a server that does not respond.
        await store.close();
      });
    } finally {
      await proxy.close();
    }
  });

  test("a killed server is reported, and used again automatically with every accepted change", async () => {
    const { server } = database();
    await using({ url: await prepared(), timeout: 2_000 }, async (store) => {
      const position = await change(store, { shop: {} });
      const lost = await watchUntilLost(store);
      await server.kill();
      expect(await lost()).toBe("ERR_STORE_UNAVAILABLE");
      expect((await failureOf(store.load())).code).toBe("ERR_STORE_UNAVAILABLE");
      await server.start();
      await expect.poll(() => store.load().then(({ version }) => version, messageOf), { timeout: 30_000 }).toBe(1);
      expect(await store.changesSince(position)).toEqual([]);
      expect((await change(store, { blog: {} })).version).toBe(2);
    });
  });
}

async function useMembers({ members }: Store): Promise<string> {
  try {
    const held = await members?.join({ id: "a", text: "{}" });
    const renewed = held && (await members?.renew({ id: "a", text: "{}" }, held));
    expect(renewed?.ok).toBe(true);
    await members?.leave("a", 2);
    return "ok";
  } catch (error) {
    if (isMaintenanceError(error)) return error.code;
    throw error;
  }
}

function draftOf(lineage: string) {
  const by = { kind: "program", label: "test" } as const;
  return { lineage, command: "close", at: "2026-01-02T03:04:05Z", by, reason: "" };
}

/**
 * Resolves when the watch has started, with a function that resolves to the error code that ends the watch. For a store without `watch`,
 * the function calls `load` and returns its error code.
 */
async function watchUntilLost(store: Store): Promise<() => Promise<string>> {
  const { watch } = store;
  if (watch === undefined) return async () => (await failureOf(store.load())).code;
  let lost: Promise<string> = Promise.resolve("");
  await new Promise<void>((resolve) => {
    lost = failureOf(watch(() => resolve(), { signal: new AbortController().signal })).then(({ code }) => code);
  });
  return () => lost;
}

async function failureOf(promise: Promise<unknown>): Promise<MaintenanceError> {
  const error: unknown = await promise.then(
    () => new Error("it did not reject"),
    (thrown: unknown) => thrown,
  );
  if (!isMaintenanceError(error)) throw error;
  return error;
}
