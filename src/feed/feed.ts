import type { Clock } from "../clock.ts";
import { withinDeadline } from "../deadline.ts";
import { MaintenanceError, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { loadLinearRegExp, mayHoldLinearRegExp } from "../rules/linear-regexp.ts";
import type { State } from "../state/state.ts";
import type { Store } from "../stores/store.ts";
import { applyChanges, replaceState } from "./advance-state.ts";

/**
 * How a gate follows its store. `starting`: nothing was read yet. `live`: the store notifies of changes; the gate polls too. `polling`: the
 * gate only polls. `stale`: the store is unavailable or its state unreadable; the last state read applies. `closed`: the gate was closed.
 */
export type FeedState = "starting" | "live" | "polling" | "stale" | "closed";

export interface FeedStatus {
  readonly state: FeedState;
  /** When the store last answered, in epoch milliseconds; `null` if never. */
  readonly lastContact: number | null;
  /** The reason if it is stale. */
  readonly error: MaintenanceError | null;
  /** Records that cannot be read, by site, each with the reason. Their last readable versions apply. */
  readonly unreadable: ReadonlyMap<string, MaintenanceError>;
}

export interface FeedOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  /** Milliseconds between two polls, with a jitter of a tenth. */
  readonly pollInterval: number;
  /** No timer may run: the owner of the feed starts each read. */
  readonly onRequestOnly: boolean;
  /** Whether requests wait for the first state: meanwhile a failed read is repeated within 100 ms. */
  readonly isStarting: () => boolean;
  /** Called with each new state. If it throws, the last state still applies, and it is called again after the next read. */
  readonly onState: (state: State) => void;
  /** Called if the stored state cannot be read, and none was read before. */
  readonly onRefused: () => void;
  /** Called when `state` has changed. */
  readonly onStatus: (status: FeedStatus) => void;
}

export interface Feed {
  status(): FeedStatus;
  /** Reads until there is a state, or until requests no longer wait; then resolves and keeps following. Never rejects. */
  start(): Promise<void>;
  /** Resolves with the first read that began after this call. Never rejects: see `status`. */
  refresh(): Promise<void>;
  /** Idempotent. Does not close the store. */
  close(): Promise<void>;
}

/** Time limit of one read of the store. */
const MAX_READ_MS = 10_000;
/** Delay before the next read while requests wait for the first state; then doubled each time, up to `pollInterval`. */
const START_RETRY_MS = 100;

/** Returns a feed, which keeps one gate up to date with one store and is the only owner of the state in memory. With timers, reads never overlap. */
export function createFeed(options: FeedOptions): Feed {
  const { store, clock, logger, random } = options;
  let closed = false;
  /** Cancel what is under way. No signal outlives the call that created it: on Workers a signal belongs to a request. */
  let endRead = (): void => {};
  let endWatch = (): void => {};
  let held: State | null = null;
  let lastContact: number | null = null;
  let error: MaintenanceError | null = null;
  let watching = false;
  /** The last watch failed, and the current one has not notified yet. */
  let doubted = false;
  let lastReported: FeedState = "starting";
  let reading: Promise<void> | null = null;
  /** Starts when `reading` has ended. */
  let nextReading: Promise<void> | null = null;
  let reads = 0;
  /** Number of consecutive polls without a state. */
  let fruitless = 0;
  /** The stored state could not be read: the store was not empty. */
  let refused = false;
  /** The number of the read that returned `held`. */
  let heldSince = 0;
  let cancelTimer = (): void => {};

  async function read(): Promise<void> {
    const ending = new AbortController();
    endRead = () => ending.abort();
    reads += 1;
    const number = reads;
    try {
      const deadline = { name: store.name, milliseconds: MAX_READ_MS, signal: ending.signal, clock };
      const next = await withinDeadline(deadline, (signal) => fetchState(options, { held, refused }, signal));
      if (closed) return;
      lastContact = clock.now();
      if (next !== held && number >= heldSince && !isOlder(next, held, store)) {
        for (const [site, { message, hint }] of next.unreadable) {
          if (held?.unreadable.get(site)?.message !== message)
            logger.error(`${message} The other records still apply. ${hint}`);
        }
        apply(next);
        if (next.lineage === "") reportEmpty(store, held, logger);
        held = next;
        heldSince = number;
      }
      if (error !== null) logger.info(`${store.name} answers again.`);
      error = null;
    } catch (thrown) {
      if (closed) return;
      const failure = toError(thrown, store);
      if (error?.message !== failure.message) {
        logger.error(
          `${failure.message} ${held === null ? "Nothing was loaded yet." : "The last state read still applies."} ${failure.hint}`,
        );
      }
      error = failure;
      if (held !== null || !isRefusal(failure)) return;
      refused = true;
      options.onRefused();
    }
  }

  function apply(next: State): void {
    try {
      options.onState(next);
    } catch (cause) {
      const message = `The state of ${store.name} could not be applied: ${messageOf(cause)}.`;
      throw new MaintenanceError("ERR_STATE_UNREADABLE", message, { cause });
    }
  }

  async function readNow(): Promise<void> {
    if (closed) return;
    await read();
    reportStatus();
  }

  function refresh(): Promise<void> {
    // On Workers a read ends with the request that started it, whether finished or not: no other request may wait for it.
    if (options.onRequestOnly) return readNow();
    if (reading === null) return begin();
    // The current read may have started before the change that the caller wants to see.
    nextReading ??= reading.then(() => {
      nextReading = null;
      return reading ?? begin();
    });
    return nextReading;
  }

  function begin(): Promise<void> {
    reading = readNow().finally(() => {
      reading = null;
    });
    return reading;
  }

  function poll(): void {
    if (closed || options.onRequestOnly) return;
    let delay = options.pollInterval;
    if (held === null) delay = Math.min(delay, START_RETRY_MS * 2 ** ++fruitless);
    cancelTimer = clock.setTimer(
      () => {
        void refresh().then(poll);
        watch();
      },
      delay * (0.9 + 0.2 * random()),
    );
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.setTimer(resolve, START_RETRY_MS * (0.5 + 0.5 * random()));
      cancelTimer = () => {
        cancel();
        resolve();
      };
    });
  }

  function watch(): void {
    if (watching || store.watch === undefined || closed || options.onRequestOnly) return;
    watching = true;
    const ending = new AbortController();
    endWatch = () => ending.abort();
    store
      .watch(onHint, { signal: ending.signal })
      .catch((thrown: unknown) => logger.debug(`${store.name} cannot be watched and is polled: ${messageOf(thrown)}`))
      .finally(() => {
        watching = false;
        doubted = true;
        reportStatus();
      });
  }

  /** For a store that can wait, such as `memoryStore`: resolves once the change is applied. */
  function onHint(): Promise<void> {
    doubted = false;
    return refresh();
  }

  function status(): FeedStatus {
    return { state: nameState(), lastContact, error, unreadable: held?.unreadable ?? new Map() };
  }

  function reportStatus(): void {
    const found = status();
    if (found.state === lastReported) return;
    lastReported = found.state;
    options.onStatus(found);
  }

  return {
    status,
    async start() {
      watch();
      await refresh();
      while (held === null && !closed && options.isStarting()) {
        await pause();
        watch();
        await refresh();
      }
      poll();
    },
    refresh,
    async close() {
      closed = true;
      cancelTimer();
      endRead();
      endWatch();
      await reading;
    },
  };

  function nameState(): FeedState {
    if (closed) return "closed";
    if (error !== null) return "stale";
    if (held === null) return "starting";
    return watching && !doubted ? "live" : "polling";
  }
}

async function fetchState(
  { store }: FeedOptions,
  { held, refused }: { readonly held: State | null; readonly refused: boolean },
  signal: AbortSignal,
): Promise<State> {
  const { separateRecords, opensWhenRemoved } = store.capabilities;
  if (held !== null) {
    const changes = await store.changesSince(held, { signal });
    if (changes !== "reload") {
      if (changes.length === 0) return held;
      if (mayHoldLinearRegExp(changes.flatMap(({ records }) => records.map(({ after }) => after ?? ""))))
        await loadEngine(store);
      const next = applyChanges(held, changes, separateRecords);
      if (next !== null) return next;
    }
  }
  const document = await store.load({ signal });
  const wasWritten = held === null ? refused : held.lineage !== "";
  const isLost = document.lineage === "" && wasWritten;
  if (isLost && opensWhenRemoved !== true) {
    // A file may be removed by hand to say "open". A database or a bucket that is empty was flushed, or lost.
    throw new MaintenanceError("ERR_STATE_UNREADABLE", `${store.name} is empty, but was not before.`, {
      hint: "Restore it from a backup, or close or open a site: this starts a new state, which every gate reads.",
    });
  }
  if (mayHoldLinearRegExp(document.records.map(({ text }) => text))) await loadEngine(store);
  return replaceState(document, held, separateRecords);
}

/** A stored state that cannot be applied is unreadable, not unavailable: a site whose paths are unknown must not open. */
async function loadEngine({ name }: Store): Promise<void> {
  try {
    await loadLinearRegExp();
  } catch (cause) {
    const message = `${name} contains regular expressions, but their engine could not be loaded: ${messageOf(cause)}.`;
    const hint = "Reinstall the package with its dependency re2js, and restart the process.";
    throw new MaintenanceError("ERR_STATE_UNREADABLE", message, { hint, cause });
  }
}

/** An eventually consistent store may return an older state for a while. If a strongly consistent one does, it was restored. */
function isOlder(next: State, held: State | null, store: Store): boolean {
  const comparable = held !== null && held.lineage === next.lineage;
  return comparable && next.version < held.version && store.capabilities.readAfterWrite === "eventual";
}

/** An empty store opens every site: it is new, or its state was lost. */
function reportEmpty({ name }: Store, held: State | null, logger: Logger): void {
  if (held === null) {
    logger.info(`${name} is empty: never written, or lost. Nothing is closed.`);
    return;
  }
  const closed = [...held.records.values()].filter(({ mode }) => mode !== "open").map(({ id }) => `'${id}'`);
  const what =
    closed.length === 0 ? "No site was closed." : `These sites are now open: ${closed.slice(0, 10).join(", ")}.`;
  logger.warn(
    `${name} was removed: nothing is closed any more. ${what} If this was not intended, close the sites again.`,
  );
}

/** The state exists but cannot be read, unlike a store that does not answer. */
function isRefusal({ code }: MaintenanceError): boolean {
  return code === "ERR_STATE_UNREADABLE" || code === "ERR_STATE_TOO_NEW";
}

function toError(thrown: unknown, store: Store): MaintenanceError {
  if (thrown instanceof MaintenanceError) return thrown;
  return new MaintenanceError("ERR_STORE_UNAVAILABLE", `${store.name}: ${messageOf(thrown)}`, { cause: thrown });
}
