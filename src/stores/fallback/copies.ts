import type { Clock } from "../../clock.ts";
import { withinDeadline } from "../../deadline.ts";
import type { Position, StateContent, Store } from "../store.ts";

/** Keeps what the primary holds in the others: what a process that starts during an outage of the primary will know. */
export interface Copies {
  /** Says where the primary is. What differs from it is copied in the background; nothing is thrown. */
  follow(position: Position): void;
  /** Why the last copy could not be made; `undefined`: it could, or none was tried. */
  failureOf(store: Store): unknown;
  /** When nothing is being copied. */
  settled(): Promise<void>;
  /** Gives up what is under way. */
  end(): void;
}

export interface CopiesOptions {
  readonly primary: Store;
  readonly others: readonly Store[];
  readonly clock: Clock;
}

/** Milliseconds for one copy, and from one that failed to the next attempt. */
const MAX_COPY_MS = 30_000;
const PAUSE = 5_000;
/** Milliseconds after which a copy is looked at again, although the state is the same: it may have been deleted by hand. */
const LOOK = 2_000;
/** How often a copy begins anew because another process is copying as well. */
const ATTEMPTS = 3;
/** As many changes as a document keeps. */
const HISTORY = 200;

export function keepCopies({ primary, others, clock }: CopiesOptions): Copies {
  const ending = new AbortController();
  const failures = new Map<Store, unknown>();
  let wanted: Position | null = null;
  let kept: Position | null = null;
  let copying: Promise<void> | null = null;
  let retryAt = Number.NEGATIVE_INFINITY;
  let lookAt = Number.NEGATIVE_INFINITY;

  function isKept(): boolean {
    // A clock that was set back must not put off the next look.
    const isLooked = clock.now() < lookAt && clock.now() >= lookAt - LOOK;
    return wanted === null || (isSame(wanted, kept) && isLooked);
  }

  async function copyAll(): Promise<void> {
    while (wanted !== null && !isKept() && clock.now() >= retryAt && !ending.signal.aborted) {
      const target = wanted;
      let failed = false;
      for (const other of others) {
        try {
          const deadline = { name: other.name, milliseconds: MAX_COPY_MS, signal: ending.signal, clock };
          await withinDeadline(deadline, (signal) => copy(primary, other, target, signal));
          failures.delete(other);
        } catch (error) {
          failed = true;
          failures.set(other, error);
        }
      }
      if (failed) retryAt = clock.now() + PAUSE;
      else [kept, lookAt] = [target, clock.now() + LOOK];
    }
  }

  return {
    follow(position) {
      // Emptiness is not copied: a database that was flushed must not take the last known state with it.
      if (position.version === 0 || ending.signal.aborted) return;
      wanted = position;
      copying ??= copyAll().finally(() => {
        copying = null;
      });
    },
    failureOf: (store) => failures.get(store),
    async settled() {
      await copying;
    },
    end: () => ending.abort(),
  };
}

/** Resolves also when another process has made the copy. */
async function copy(primary: Store, other: Store, target: Position, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    // In this order: what the primary says after it is newer than any copy that was made before.
    if ((await other.changesSince(target, { signal })).length === 0) return;
    const held = await other.load({ sites: [], signal });
    if (isSame(held, target)) return;
    const content = await readContent(primary, signal);
    const lags = primary.capabilities.readAfterWrite === "eventual" && held.version > content.version;
    if (content.version === 0 || isSame(held, content) || (lags && held.lineage === content.lineage)) return;
    const over = { lineage: held.lineage, version: held.version };
    if ((await other.importState(content, over, { signal })).ok) return;
  }
}

async function readContent(primary: Store, signal: AbortSignal): Promise<StateContent> {
  const document = await primary.load({ signal });
  const history = await primary.history({ limit: HISTORY }, { signal });
  // A change may have come in between the two.
  return { ...document, history: history.filter(({ version }) => version <= document.version) };
}

export function isSame(a: Position, b: Position | null): boolean {
  return a.lineage === b?.lineage && a.version === b.version;
}
