import { systemClock } from "../../clock.ts";
import { withinDeadline } from "../../deadline.ts";
import { isMaintenanceError, MaintenanceError, messageOf } from "../../errors.ts";
import { errorFinding, type Finding, okFinding, warnFinding } from "../../finding.ts";
import { driverError } from "../driver/error.ts";
import type { Store, StoreCapabilities } from "../store.ts";
import { type DocumentStorage, documentStore } from "./document.ts";
import { unreadable } from "./format.ts";

/** A key of a cache: read and written without conditions. */
export interface KeyValue {
  readonly name: string;
  readonly capabilities: StoreCapabilities;
  /** The user's object, never closed: writers that share it take turns. */
  readonly client: object;
  /** Time limit of a call in milliseconds: most caches wait without limit for a server that is gone. */
  readonly timeout: number;
  /** Returns `null` if there is no value. Rejects with the error of the driver. */
  get(): Promise<string | null>;
  set(text: string): Promise<void>;
  /** As `Store.watch`. */
  watch?(listener: () => void, signal: AbortSignal): Promise<void>;
  /** Returns findings about settings that would lose the state. */
  examine(): Promise<readonly Finding[]>;
}

/** Milliseconds between two reads that look for the text just written. */
const PAUSE = 50;
const FIX = "Delete the key, and close the sites again.";

const turns = new WeakMap<object, Promise<unknown>>();

export function keyValueStore(place: KeyValue): Store {
  const { name, capabilities, client, timeout } = place;

  async function ask<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await withinDeadline({ name, milliseconds: timeout, signal }, work);
    } catch (error) {
      throw signal?.aborted || isMaintenanceError(error) ? error : driverError(name, error, [], () => undefined);
    }
  }

  async function get(signal: AbortSignal | undefined): Promise<string | null> {
    const text = await ask(signal, () => place.get());
    // A driver that empties a file before it writes is busy, or was killed there. An empty text does not mean "closed" here.
    if (text?.trim() === "") throw unreadable(`The state in ${name} is empty.`, FIX);
    return text;
  }

  /** Waits until the text just written can be read: some drivers accept a text and drop it, and some caches return it late. */
  async function arrived(text: string, before: string | null, signal: AbortSignal | undefined): Promise<boolean> {
    const deadline = systemClock.now() + timeout;
    for (;;) {
      const found = await get(signal);
      if (found === text) return true;
      // Another process wrote at the same moment: start the change again from its result.
      if (found !== before) return false;
      if (systemClock.now() > deadline) break;
      await new Promise<void>((resolve) => setTimeout(resolve, PAUSE));
    }
    const hint = "See that it may write, and that it is not read-only.";
    throw new MaintenanceError("ERR_STORE_UNAVAILABLE", `${name} took a change, and does not have it.`, { hint });
  }

  const storage: DocumentStorage = {
    name,
    capabilities,
    fix: FIX,
    async read(signal) {
      const text = await get(signal);
      return text === null ? null : { text, tag: text };
    },
    probe: get,
    async write(text, expected, signal) {
      if ((await get(signal)) !== expected) return false;
      await ask(signal, () => place.set(text));
      return arrived(text, expected, signal);
    },
    exclusively(work) {
      const turn = (turns.get(client) ?? Promise.resolve()).then(work);
      turns.set(
        client,
        turn.catch(() => {}),
      );
      return turn;
    },
    ...(place.watch && { watch: place.watch }),
  };
  const store = documentStore(storage);
  const members = warnFinding(
    "list of processes",
    "this store keeps none: no command can say which processes have applied a change",
    "Use a store that compares: Postgres, Redis, object storage.",
  );

  /** Rejects only when the store is closed or the caller gives up. */
  async function examine(signal: AbortSignal | undefined): Promise<readonly Finding[]> {
    const hint = "Switch from one place at a time, or use a store that compares: Postgres, Redis, object storage.";
    const writers = warnFinding(
      "two writers",
      "of two processes that switch in the same moment one may lose its change",
      hint,
    );
    try {
      const { version } = await store.load({ signal });
      const held = version === 0 ? "nothing was ever stored" : `version ${version}`;
      return [okFinding("key", held), writers, members, ...(await ask(signal, () => place.examine()))];
    } catch (error) {
      if (signal?.aborted || isMaintenanceError(error, "ERR_ALREADY_CLOSED")) throw error;
      return [errorFinding("key", messageOf(error), isMaintenanceError(error) ? error.hint : FIX)];
    }
  }

  return { ...store, examine: ({ signal } = {}) => examine(signal) };
}
