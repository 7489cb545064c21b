import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Keyv from "keyv";
import { createStorage } from "unstorage";
import { fallbackStore } from "../../../src/stores/fallback.ts";
import { fileStore } from "../../../src/stores/file.ts";
import { keyvStore } from "../../../src/stores/keyv.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import type { Store } from "../../../src/stores/store.ts";
import { unstorageStore } from "../../../src/stores/unstorage.ts";
import { requireService, type Suite } from "../require-service.ts";
import { openStoreOf } from "./open-store-of.ts";
import { openPlace, SQLITE, STORES_WITH_A_SERVER } from "./store-kinds.ts";

/** Any store. Each place is a state that was never written; `open` creates a new instance over it, as another process would. */
export interface EveryStore {
  readonly name: string;
  readonly suite: Suite;
  /** `isLocal`: whether the store is fast enough for many attempts. */
  start(): Promise<{ readonly isLocal: boolean; place(): Promise<{ open(): Store }>; stop(): Promise<void> }>;
}

const always = (name: string): Suite => requireService(name, "", true);

function inFolder(name: string, open: (folder: string) => Store): EveryStore {
  return {
    name,
    suite: always(name),
    async start() {
      const folder = await mkdtemp(join(tmpdir(), "maintenance-"));
      let places = 0;
      return {
        isLocal: true,
        async place() {
          const own = join(folder, String(++places));
          return { open: () => open(own) };
        },
        stop: () => rm(folder, { recursive: true, force: true }),
      };
    },
  };
}

function inProcess(name: string, place: () => () => Store): EveryStore {
  return {
    name,
    suite: always(name),
    start: async () => ({ isLocal: true, place: async () => ({ open: place() }), stop: async () => {} }),
  };
}

export const EVERY_STORE: readonly EveryStore[] = [
  inProcess("memory", () => {
    const store = memoryStore();
    return () => ({ ...store, close: async () => {} });
  }),
  inFolder("file", (folder) => fileStore({ path: join(folder, "state.json") })),
  inFolder("fallback", (folder) =>
    fallbackStore({
      primary: fileStore({ path: join(folder, "state.json") }),
      copies: [fileStore({ path: join(folder, "copy.json") })],
    }),
  ),
  inProcess("keyv", () => {
    const keyv = new Keyv();
    return () => keyvStore({ client: keyv });
  }),
  inProcess("unstorage", () => {
    const storage = createStorage();
    return () => unstorageStore({ client: storage });
  }),
  ...[SQLITE, ...STORES_WITH_A_SERVER].map((kind) => ({
    name: kind.name,
    suite: kind.suite,
    async start() {
      const server = await kind.start();
      let places = 0;
      return {
        isLocal: false,
        async place() {
          const id = `place_${++places}`;
          await (await openPlace(kind, server, id)).close();
          return { open: () => openStoreOf(kind.store, kind.options(server, id, server.port)) };
        },
        stop: () => server.stop(),
      };
    },
  })),
];
