import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Keyv from "keyv";
import { createStorage } from "unstorage";
import fsDriver from "unstorage/drivers/fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAdmin } from "../../src/admin/admin.ts";
import { createController } from "../../src/control/controller.ts";
import { createGate } from "../../src/gate.ts";
import { silentLogger } from "../../src/logger.ts";
import { fileStore } from "../../src/stores/file.ts";
import { keyvStore } from "../../src/stores/keyv.ts";
import { objectStorageStore } from "../../src/stores/object-storage.ts";
import type { Store } from "../../src/stores/store.ts";
import { unstorageStore } from "../../src/stores/unstorage.ts";
import { createCliProject } from "../scenarios/cli-project.ts";
import type { Suite } from "../support/require-service.ts";
import { removeBucket } from "../support/servers/nats.ts";
import { openStoreOf } from "../support/servers/open-store-of.ts";
import { startS3 } from "../support/servers/s3.ts";
import {
  MARIADB,
  NATS,
  openPlace,
  POSTGRES,
  REDIS,
  SQLITE,
  type StoreKind,
  type StoreServer,
} from "../support/servers/store-kinds.ts";
import { type SiteUnderFault, withSite } from "../support/site-under-fault.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "maintenance-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Starts a gate over `store`, and returns its log and the mode of the site. */
async function startedNow(store: Store): Promise<{ readonly mode: string; readonly log: readonly string[] }> {
  const log: string[] = [];
  const note = (message: string): void => void log.push(message);
  const logger = { ...silentLogger, info: note, warn: note, error: note };
  const gate = createGate({ store, sites: { shop: { hosts: ["shop.example"] } }, logger, startTimeout: 60_000 });
  await gate.ready();
  const mode = gate.mode("shop");
  await gate.close();
  await store.close();
  return { mode, log };
}

const NEVER_WRITTEN_OR_LOST = expect.stringMatching(/ is empty: never written, or lost\./);

describe("the folder of the state file disappears while the site is closed", () => {
  test.each<[string, (home: string) => Promise<unknown>, (home: string) => Promise<unknown>]>([
    ["renamed", (home) => rename(home, `${home}.away`), (home) => rename(`${home}.away`, home)],
    [
      "unmounted, which leaves an empty one",
      async (home) => {
        await rename(home, `${home}.away`);
        await mkdir(home);
      },
      async (home) => {
        await rm(home, { recursive: true });
        await rename(`${home}.away`, home);
      },
    ],
  ])(
    "%s: visitors get the 503, the gate reports it, and recovers when the folder is back",
    async (_how, take, giveBack) => {
      const home = join(folder, "home");
      const path = join(home, "state.json");
      const store = fileStore({ path });
      await withSite(store, async (site) => {
        expect(await site.switch("closed", store)).toBeNull();
        await site.becomes("closed");
        await site.holds("closed", async () => {
          await take(home);
          await site.reports({ state: "stale", version: 1, error: { code: "ERR_STORE_UNAVAILABLE" } });
          expect(site.complaints).not.toEqual([]);
          for (const complaint of site.complaints) {
            expect(complaint).toMatch(
              /state\.json' is gone, and its folder .* (The last state read still applies\. )?Mount it/,
            );
          }
          expect(await site.switch("open", store)).toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
          expect(await startedNow(fileStore({ path }))).toEqual({ mode: "open", log: [NEVER_WRITTEN_OR_LOST] });
        });
        await giveBack(home);
        await site.reports({ error: null, version: 1 });
        await site.holds("closed", async () => {});
        expect(await site.switch("open", store)).toBeNull();
        await site.becomes("open");
        await site.hasLostNothing(store);
      });
      await store.close();
    },
  );
});

interface Emptied {
  open(): Store;
  empty(): Promise<void>;
  /** A configuration file for another process, if that can reach the place. */
  readonly configuration?: string;
  stop?(): Promise<void>;
}

const source = (path: string): string => JSON.stringify(new URL(`../../src/stores/${path}`, import.meta.url));

const places: Readonly<Record<string, () => Promise<Emptied>>> = {
  async "object storage"() {
    const { url: endpoint, bucket, accessKeyId, secretAccessKey, objects, close } = await startS3();
    const options = { endpoint, bucket, accessKeyId, secretAccessKey, key: "state.json" };
    return {
      open: () => objectStorageStore(options),
      empty: async () => objects.clear(),
      configuration: `import { objectStorageStore } from ${source("object-storage.ts")};
export default { store: objectStorageStore(${JSON.stringify(options)}) };`,
      stop: close,
    };
  },
  async Keyv() {
    const keyv = new Keyv();
    return { open: () => keyvStore({ client: keyv }), empty: () => keyv.clear() };
  },
  async "unstorage in a folder"() {
    const base = join(folder, "storage");
    const storage = createStorage({ driver: fsDriver({ base }) });
    return {
      open: () => unstorageStore({ client: storage }),
      empty: () => storage.clear(),
      configuration: `import { unstorageStore } from ${source("unstorage.ts")};
import { createStorage } from ${JSON.stringify(import.meta.resolve("unstorage"))};
import fsDriver from ${JSON.stringify(import.meta.resolve("unstorage/drivers/fs"))};
export default { store: unstorageStore({ client: createStorage({ driver: fsDriver({ base: ${JSON.stringify(base)} }) }) }) };`,
      stop: () => storage.dispose(),
    };
  },
};

const STATE_TABLES = ["state", "sites", "changes", "change_records"].map((table) => `maintenance_${table}`);

type Case = readonly [what: string, suite: Suite, make: () => Promise<Emptied>];

const servers: readonly Case[] = [
  onServer("SQLite (its database is deleted)", SQLITE, "sqliteStore", async ({ folder: home }, id) => {
    for (const end of ["", "-wal", "-shm"]) await rm(join(home, `${id}.db${end}`), { force: true });
  }),
  onServer("PostgreSQL (its tables are truncated)", POSTGRES, "postgresStore", async (server, id) => {
    await server.execute(`truncate table ${STATE_TABLES.join()}`, id);
  }),
  onServer("MariaDB (its tables are truncated)", MARIADB, "mysqlStore", async (server, id) => {
    for (const table of STATE_TABLES) await server.execute(`truncate table ${table}`, id);
  }),
  onServer("Redis (it is flushed)", REDIS, "redisStore", async (server) => void (await server.command("FLUSHALL"))),
  onServer("NATS (its bucket is removed)", NATS, "natsStore", ({ address }, id) => removeBucket(address, id)),
];

function onServer<Server extends StoreServer>(
  what: string,
  kind: StoreKind<Server>,
  factory: string,
  empty: (server: Server, id: string) => Promise<void>,
): Case {
  const make = async (): Promise<Emptied> => {
    const server = await kind.start();
    const id = "emptied";
    await (await openPlace(kind, server, id)).close();
    // A long timeout for busy machines; these tests involve no slow server.
    const options = { ...kind.options(server, id, server.port), timeout: 60_000 };
    return {
      open: () => openStoreOf(kind.store, options),
      empty: () => empty(server, id),
      configuration: `import { ${factory} } from ${source(`${kind.store}.ts`)};
export default { store: ${factory}(${JSON.stringify(options)}) };`,
      stop: () => server.stop(),
    };
  };
  return [what, kind.suite, make];
}

const inProcess: Suite = (title, body) => void describe(title, body);
const all = [...Object.entries(places).map(([name, make]): Case => [name, inProcess, make]), ...servers];

for (const [name, suite, make] of all) {
  suite(`${name} is emptied while the site is closed`, () => {
    test("visitors get the 503, the gate and a new process report it, and the next switch is followed", async () => {
      const place = await make();
      const store = place.open();
      try {
        await withSite(store, async (site) => {
          expect(await site.switch("closed", store)).toBeNull();
          await site.becomes("closed");
          const { lineage } = site.gate.status();
          await site.holds("closed", async () => {
            await place.empty();
            await site.reports({ state: "stale", version: 1, error: { code: "ERR_STATE_UNREADABLE" } });
            expect(site.complaints).toContainEqual(
              expect.stringMatching(/ is empty, but was not before\. The last state read still applies\./),
            );
            expect(await healthOf(site, store)).toMatchObject({
              state: "stale",
              error: { code: "ERR_STATE_UNREADABLE" },
            });
            expect(await startedNow(place.open())).toEqual({ mode: "open", log: [NEVER_WRITTEN_OR_LOST] });
            if (place.configuration === undefined) return;
            const project = createCliProject({ "maintenance.config.mjs": place.configuration });
            expect((await project.run("status")).stdout).toContain("The store is empty: never written, or lost.");
            expect((await project.run("doctor")).stdout).toMatch(
              /warn +stored state: .* is empty: never written, or lost/,
            );
            project.remove();
          });
          expect(await site.switch("closed", store)).toBeNull();
          expect(await site.switch("open", store)).toBeNull();
          await site.becomes("open");
          await site.reports({ error: null, version: 2 });
          expect(site.gate.status().lineage).not.toBe(lineage);
        });
      } finally {
        await store.close();
        await place.stop?.();
      }
    });
  });
}

/** Returns the health of the store according to the admin of the running process. */
async function healthOf({ gate }: SiteUnderFault, store: Store): Promise<unknown> {
  const controller = createController({ store });
  const admin = createAdmin({ gate, controller, authorize: () => ({ name: "mia", may: ["view"] }) });
  const health = await (await admin.fetch(new Request("http://localhost/maintenance/api/v1/health"))).json();
  await admin.close?.();
  return health;
}
