import * as v from "valibot";
import { MaintenanceError } from "../errors.ts";
import { type Finding, warnFinding } from "../finding.ts";
import { closedObject, validate } from "../validation/validate.ts";
import { unreadable } from "./document/format.ts";
import { keyValueStore } from "./document/key-value.ts";
import { type KeyOptions, keyOption, timeoutOption } from "./driver/options.ts";
import type { Store, StoreCapabilities } from "./store.ts";

export type { KeyOptions, TimeoutOption } from "./driver/options.ts";

/** The members of an unstorage 1 storage that the store uses. */
export interface UnstorageClient {
  getItem(key: string): Promise<unknown>;
  hasItem(key: string): Promise<boolean>;
  setItem(key: string, value: string, options?: { readonly ttl: number }): Promise<unknown>;
  watch?(listener: (event: string, key: string) => void): Promise<() => unknown>;
  getMount?(key: string): { readonly driver: UnstorageDriver };
}

export interface UnstorageDriver {
  readonly name?: string | undefined;
  readonly watch?: unknown;
  readonly options?: unknown;
}

/** Your own storage, and the key that holds the state. */
export interface UnstorageStoreOptions extends KeyOptions {
  /** Your own storage of unstorage, which the store never disposes of. */
  readonly client: UnstorageClient;
}

const CAPABILITIES: StoreCapabilities = {
  compareAndSet: false,
  readAfterWrite: "eventual",
  push: false,
  shared: true,
  separateRecords: false,
};

const schema = closedObject({
  // Checked by `isStorage`: the error says how to make one.
  client: v.optional(v.custom<UnstorageClient>(() => true)),
  key: keyOption,
  timeout: timeoutOption,
});
/** Drivers whose data no other process can read. */
const LOCAL: readonly (string | undefined)[] = ["memory", "lru-cache", "null"];
/** Drivers whose reads return every earlier write. */
const STRONG: readonly (string | undefined)[] = ["memory", "lru-cache", "fs", "fs-lite"];

/**
 * Returns a store that keeps the state under one key of your own unstorage storage. Unstorage has no conditional writes: if two processes
 * switch at the same moment, one change may be lost. Writes nothing before the first change.
 * @example
 * const store = unstorageStore({ client: createStorage({ driver }) });
 * @throws `ERR_INVALID_OPTION`
 */
export function unstorageStore(options: UnstorageStoreOptions): Store {
  const { client: storage, key, timeout } = validate(schema, options, "ERR_INVALID_OPTION", "unstorageStore");
  if (!isStorage(storage)) {
    const message = "unstorageStore: the option 'client' is not a storage of unstorage.";
    const hint = "Pass a storage: unstorageStore({ client: createStorage({ driver }) }).";
    throw new MaintenanceError("ERR_INVALID_OPTION", message, { hint });
  }
  const driver = storage.getMount?.(key).driver ?? {};
  const name = `unstorage${driver.name ? ` over ${driver.name}` : ""}, key ${key}`;
  const push = typeof driver.watch === "function" && storage.watch !== undefined;

  function toText(value: unknown): string {
    // unstorage returns parsed values, and some of its drivers return errors as if they were content.
    if (value instanceof Error) throw value;
    if (["string", "number", "boolean"].includes(typeof value)) return String(value);
    if (
      typeof value === "object" &&
      value !== null &&
      [Object.prototype, null].includes(Object.getPrototypeOf(value))
    ) {
      return `${JSON.stringify(value, null, 2)}\n`;
    }
    throw unreadable(
      `${name} holds no state.`,
      "Give unstorageStore a key that nothing else uses: { client, key: 'maintenance.json' }.",
    );
  }

  return keyValueStore({
    name,
    capabilities: {
      ...CAPABILITIES,
      readAfterWrite: STRONG.includes(driver.name) ? "strong" : "eventual",
      push,
      shared: !LOCAL.includes(driver.name),
    },
    client: storage,
    timeout,
    async get() {
      const value = await storage.getItem(key);
      if (value !== null && value !== undefined) return toText(value);
      // "null", or a folder in place of a file: there is content, and it is not a state.
      return (await storage.hasItem(key)) ? toText(await storage.getItem(key)) : null;
    },
    async set(text) {
      // 0: without expiry, even if the driver has a default time to live.
      await storage.setItem(key, text, { ttl: 0 });
    },
    ...(push && { watch: (listener, signal) => watchKey(storage, key, listener, signal) }),
    async examine(): Promise<readonly Finding[]> {
      const { options: driverOptions } = driver;
      if (typeof driverOptions !== "object" || driverOptions === null || !("ttl" in driverOptions)) return [];
      const message = `the driver has a time to live (ttl: ${String(driverOptions.ttl)}): once the state has expired, everything is open`;
      return [warnFinding("time to live", message, "Mount a driver without a ttl for this key.")];
    },
  });
}

async function watchKey(
  storage: UnstorageClient,
  key: string,
  listener: () => void,
  signal: AbortSignal,
): Promise<void> {
  const suffix = key.replace(/[/\\]/g, ":");
  // Compared by its end: a storage with a prefix reports the key of the storage behind it.
  const unwatch = await storage.watch?.((_event, changed) => {
    if (changed.endsWith(suffix)) listener();
  });
  if (!signal.aborted) {
    listener();
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }
  await unwatch?.();
}

function isStorage(client: UnstorageClient | undefined): client is UnstorageClient {
  const { getItem, hasItem, setItem }: Partial<UnstorageClient> = Object(client);
  return [getItem, hasItem, setItem].every((method) => typeof method === "function");
}
