import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { type Refusal, refusedChangeCases } from "../support/refused-change-cases.ts";
import { requireService } from "../support/require-service.ts";
import { IS_MARIADB, MARIADB_INSTALL } from "../support/servers/mariadb.ts";
import { ownerNamed } from "../support/servers/server-folder.ts";
import {
  maySmallDisksBeMounted,
  mountSmallDisk,
  SMALL_DISK_NEEDS,
  type SmallDisk,
} from "../support/servers/small-disk.ts";
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

const onSmallDisk = requireService("a small disk", SMALL_DISK_NEEDS, maySmallDisksBeMounted());

type OnDisk<Server extends StoreServer> = Server & { readonly disk: SmallDisk };

/** Returns the kind with a small disk that belongs to the user `owner`. */
function withDisk<Server extends StoreServer>(kind: StoreKind<Server>, owner: string): StoreKind<OnDisk<Server>> {
  return {
    ...kind,
    suite: (title, body) => kind.suite(title, () => onSmallDisk(`on a small disk`, body)),
    async start() {
      const server = await kind.start();
      const disk = await mountSmallDisk(await ownerNamed(owner));
      const stop = async (): Promise<void> => {
        await server.stop();
        await disk.remove();
      };
      return Object.create(server, { disk: { value: disk }, stop: { value: stop } });
    },
  };
}

function fullDisk<Server extends StoreServer>(kind: StoreKind<OnDisk<Server>>): Refusal<OnDisk<Server>> {
  return {
    kind,
    what: "a disk that is full",
    hint: /space/,
    async begin({ disk }) {
      await disk.fill();
      return () => disk.free();
    },
  };
}

const sqlite = withDisk(SQLITE, "root");
refusedChangeCases([fullDisk({ ...sqlite, options: ({ disk }, id) => ({ path: join(disk.folder, `${id}.db`) }) })]);

const postgres = withDisk(POSTGRES, "postgres");
refusedChangeCases([
  {
    ...fullDisk(postgres),
    async open(server, id) {
      await server.execute(`create tablespace small location '${server.disk.folder}'`);
      await server.execute(`create database ${id}`);
      await server.execute(`alter database ${id} set default_tablespace = small`);
      return openPlace({ ...postgres, prepare: async () => {} }, server, id);
    },
  },
]);

/** MySQL accepts no symbolic link as the folder of a database. */
const onMariaDb = requireService("MariaDB", MARIADB_INSTALL, IS_MARIADB);
const mariadb = withDisk({ ...MARIADB, suite: onMariaDb }, "mysql");
refusedChangeCases([
  {
    ...fullDisk(mariadb),
    // MariaDB reports no error: the server waits for free space.
    hint: /disk space/,
    async open(server, id) {
      await symlink(server.disk.folder, join(server.folder, "data", id));
      return openPlace({ ...mariadb, prepare: async () => {} }, server, id, { timeout: 1_000 });
    },
  },
]);

refusedChangeCases([
  {
    kind: REDIS,
    what: "a memory that is full",
    hint: /maxmemory/,
    async begin(server) {
      await server.command("CONFIG", "SET", "maxmemory", "1");
      return async () => void (await server.command("CONFIG", "SET", "maxmemory", "0"));
    },
  },
]);

refusedChangeCases([
  {
    kind: NATS,
    what: "a bucket that is full",
    hint: /NATS is full/,
    async begin({ address }, id) {
      const most = async (bytes: number): Promise<void> => {
        const connection = await connect({ servers: address, reconnect: false });
        const { streams } = await jetstreamManager(connection);
        await streams.update(`KV_${id}`, { max_bytes: bytes });
        await connection.close();
      };
      await most(20_000);
      return () => most(-1);
    },
  },
]);
