import * as v from "valibot";
import { MaintenanceError } from "../errors.ts";
import { errorFinding, type Finding } from "../finding.ts";
import { closedObject, validate } from "../validation/validate.ts";
import { unreadable } from "./document/format.ts";
import { keyValueStore } from "./document/key-value.ts";
import { type KeyOptions, keyOption, timeoutOption } from "./driver/options.ts";
import type { Store, StoreCapabilities } from "./store.ts";

export type { KeyOptions, TimeoutOption } from "./driver/options.ts";

/** The members of a `Keyv`, version 4 or later, that the store uses. */
export interface KeyvClient {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, ttl?: number): Promise<unknown>;
  on(event: string, listener: (error: unknown) => void): unknown;
  off(event: string, listener: (error: unknown) => void): unknown;
  readonly store?: unknown;
  readonly namespace?: string | undefined;
  readonly throwOnErrors?: boolean;
  getRaw?(key: string): Promise<unknown>;
}

/** Your own `Keyv`, and the key that holds the state. */
export interface KeyvStoreOptions extends KeyOptions {
  /** Your own `Keyv`, which the store never closes. */
  readonly client: KeyvClient;
}

const CAPABILITIES: StoreCapabilities = {
  compareAndSet: false,
  readAfterWrite: "eventual",
  push: false,
  shared: true,
  separateRecords: false,
};

const schema = closedObject({
  // Checked by `checkClient`, whose errors say how to make one.
  client: v.optional(v.custom<KeyvClient>(() => true)),
  key: keyOption,
  timeout: timeoutOption,
});

/**
 * Returns a store that keeps the state under one key of your own `Keyv`. Keyv has no conditional writes: if two processes switch at the
 * same moment, one change may be lost. Writes nothing before the first change.
 * @example
 * const store = keyvStore({ client: new Keyv(adapter, { throwOnErrors: true }) });
 * @throws `ERR_INVALID_OPTION`, also for a `Keyv` that hides its errors: an outage would look like a state that was never written.
 */
export function keyvStore(options: KeyvStoreOptions): Store {
  const { client, key, timeout } = validate(schema, options, "ERR_INVALID_OPTION", "keyvStore");
  const { keyv, adapter } = checkClient(client);
  const local = adapter instanceof Map;
  const name = `Keyv over ${adapter.constructor.name}, key ${keyv.namespace ? `${keyv.namespace}:` : ""}${key}`;

  /** Some adapters report a failure only by an event, and return as if there were no value. */
  async function failingAloud<T>(work: () => Promise<T>, isSuspect: (answer: T) => boolean): Promise<T> {
    const heard: unknown[] = [];
    const listen = (error: unknown): void => void heard.push(error);
    keyv.on("error", listen);
    try {
      const answer = await work();
      if (isSuspect(answer) && heard.length > 0) throw heard[0];
      return answer;
    } finally {
      keyv.off("error", listen);
    }
  }

  return keyValueStore({
    name,
    capabilities: local ? { ...CAPABILITIES, readAfterWrite: "strong", shared: false } : CAPABILITIES,
    client: keyv,
    timeout,
    async get() {
      const value = await failingAloud(() => keyv.get(key), isAbsent);
      if (isAbsent(value)) return null;
      if (typeof value === "string") return value;
      throw unreadable(
        `${name} holds no text.`,
        "Give keyvStore a key that nothing else uses: { client, key: 'maintenance.json' }.",
      );
    },
    async set(text) {
      // 0: without expiry, even if the Keyv has a default time to live.
      const done = await failingAloud(
        () => keyv.set(key, text, 0),
        () => true,
      );
      if (done === false) throw new MaintenanceError("ERR_STORE_UNAVAILABLE", `${name} did not take the change.`);
    },
    async examine(): Promise<readonly Finding[]> {
      const raw = await keyv.getRaw?.(key);
      if (typeof raw !== "object" || raw === null || !("expires" in raw) || typeof raw.expires !== "number") return [];
      const message = `the state expires at ${new Date(raw.expires).toISOString()}, and then everything is open`;
      return [
        errorFinding("time to live", message, "See which hook or adapter sets it, take it away, and switch once more."),
      ];
    },
  });
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Returns the Keyv and its adapter. */
function checkClient(client: KeyvClient | undefined): { readonly keyv: KeyvClient; readonly adapter: object } {
  if (!isKeyv(client)) {
    const hint = "Pass a Keyv: keyvStore({ client: new Keyv({ store, throwOnErrors: true }) }).";
    throw invalid("keyvStore: the option 'client' is not a Keyv.", hint);
  }
  const adapter = client.store;
  if (typeof adapter !== "object" || adapter === null) return { keyv: client, adapter: client };
  if (adapter instanceof Map) return { keyv: client, adapter };
  if (client.throwOnErrors === false) {
    throw invalid(
      `keyvStore: this Keyv keeps failures to itself. ${OUTAGE}`,
      "Create it with { throwOnErrors: true }.",
    );
  }
  if ("throwOnErrors" in adapter && adapter.throwOnErrors === false) {
    const kind = adapter.constructor.name;
    throw invalid(
      `keyvStore: this ${kind} keeps failures to itself. ${OUTAGE}`,
      `Create the ${kind} with { throwOnErrors: true }.`,
    );
  }
  return { keyv: client, adapter };
}

function isKeyv(client: KeyvClient | undefined): client is KeyvClient {
  const { get, set, on, off }: Partial<KeyvClient> = Object(client);
  return [get, set, on, off].every((method) => typeof method === "function");
}

const OUTAGE = "An outage would look as if nothing had ever been closed.";

function invalid(message: string, hint: string): MaintenanceError {
  return new MaintenanceError("ERR_INVALID_OPTION", message, { hint });
}
