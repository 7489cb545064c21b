import { isMaintenanceError, MaintenanceError } from "../../errors.ts";
import { errorFinding, type Finding } from "../../finding.ts";
import { trackCalls } from "../driver/calls.ts";
import { memberList } from "../members/list.ts";
import type { MemberStorage } from "../members/storage.ts";
import type {
  ChangeDraft,
  CommitResult,
  HintListener,
  HistoryQuery,
  LoadOptions,
  Position,
  StateChange,
  StateContent,
  Store,
  StoredRecord,
  StoreMigrations,
} from "../store.ts";
import { requireReadableChange, requireReadableContent } from "./change.ts";
import { announcedChange } from "./message.ts";
import { following, type LogHead, type LogView, latestOf, seeing } from "./view.ts";

/** A change as it is stored in the log. */
export interface LogEntry extends Omit<StateChange, "lineage"> {
  /** Random, created with each commit: two changes with the same version and different stamps belong to different generations. */
  readonly stamp: string;
}

/** The log from a version on. */
export interface LogTail {
  /** The stamp of that version, from the head or from a change in the log; `null` if neither has it. */
  readonly stamp: string | null;
  /** All changes after that version, oldest first; `"many"` if reading them costs more than a reload. */
  readonly entries: readonly LogEntry[] | "many";
}

export type MessageListener = (message?: string) => void;

export interface LogMint {
  readonly stamp: string;
  readonly newLineage: string;
  /** The newest change that this process knows. */
  readonly latest: LogHead | null;
  /** Whether the change may be announced with `changeMessage`; otherwise only that there is one. */
  readonly announce: boolean;
}

/**
 * A place that keeps a record per site and a log of changes, which is both feed and history. Every method rejects with
 * `ERR_STORE_UNAVAILABLE` when it fails, and with `ERR_NOT_MIGRATED` if tables are missing.
 */
export interface LogStorage {
  readonly name: string;
  /**
   * Reads a consistent state. `head` is `null` if nothing was ever written. With `sites`, only their records. With `take`, the records may
   * be passed to it, as by `Store.load`.
   */
  readState(
    sites: readonly string[] | null,
    signal?: AbortSignal,
    take?: LoadOptions["take"],
  ): Promise<{ readonly head: LogHead | null; readonly records: readonly StoredRecord[] }>;
  /** One small read: the cost of a poll. `version` may be 0. */
  readTail(version: number, signal?: AbortSignal): Promise<LogTail>;
  readHistory(query: HistoryQuery, signal?: AbortSignal): Promise<readonly StateChange[]>;
  /**
   * Writes the whole change; or writes nothing and returns `null` if the lineage or the version of a record differs from the draft's. The
   * empty lineage means a storage that was never written: its first change starts the lineage `newLineage`.
   */
  append(draft: ChangeDraft, mint: LogMint, signal?: AbortSignal): Promise<LogHead | null>;
  /**
   * Replaces everything by `content`, including its lineage; or writes nothing and returns `null` if lineage and version are no longer
   * those of `over`. `stampOf` returns the stamp of each version.
   */
  replace(
    content: StateContent,
    over: Position,
    stampOf: (version: number) => string,
    signal?: AbortSignal,
  ): Promise<LogHead | null>;
  readonly migrations?: StoreMigrations;
  /** Keeps the list of processes, apart from the state. */
  readonly members?: MemberStorage;
  examine?(signal?: AbortSignal): Promise<readonly Finding[]>;
  /** As `Store.watch`. A hint may carry a message that `changeMessage` has returned, or any other text. */
  watch?(listener: MessageListener, signal: AbortSignal): Promise<void>;
  close?(): Promise<void>;
}

/** Returns a store over any place that keeps a record per site and a log of changes: an SQL database, Redis, NATS. */
export function logStore(storage: LogStorage): Store {
  const { name } = storage;
  const closing = new AbortController();
  const { call, close } = trackCalls(name);
  let view: LogView | null = null;

  async function readState(
    sites: readonly string[] | null,
    signal: AbortSignal | undefined,
    take?: LoadOptions["take"],
  ) {
    const before = view;
    const { head, records } = await storage.readState(sites, signal, take);
    if (head === null) return { lineage: "", version: 0, records };
    if (!Number.isSafeInteger(head.version) || head.version < 1) {
      throw new MaintenanceError("ERR_STATE_UNREADABLE", `${name}: '${head.version}' is not a version of a state.`);
    }
    view = seeing(view, before, head);
    return { lineage: view.lineage, version: head.version, records };
  }

  function changesIn(message: string | undefined): readonly StateChange[] | undefined {
    const change = view === null || message === undefined ? undefined : announcedChange(message, view);
    return change && [change];
  }

  async function conflict(signal: AbortSignal | undefined): Promise<CommitResult> {
    const { lineage, version } = await readState([], signal);
    return { ok: false, reason: "conflict", current: { lineage, version } };
  }

  /** Returns the lineage in the storage for one that was returned to a caller; `null` for one of an earlier generation. */
  function storedLineage(lineage: string): string | null {
    if (view === null || lineage === "") return lineage;
    return lineage === view.lineage ? view.stored : null;
  }

  return {
    name,
    capabilities: {
      compareAndSet: true,
      readAfterWrite: "strong",
      push: storage.watch !== undefined,
      shared: true,
      separateRecords: true,
    },
    ...(storage.migrations && { migrations: storage.migrations }),
    ...(storage.members && { members: memberList(storage.members, { name, call }) }),
    load: ({ signal, sites, take } = {}) => call(signal, () => readState(sites ?? null, signal, take)),
    changesSince: (position, { signal } = {}) =>
      call(signal, async () => {
        if (position.lineage !== "" && position.lineage !== view?.lineage) return "reload";
        const tail = await storage.readTail(position.version, signal).catch((error: unknown) => {
          // The log was edited by hand. The state itself may still be readable.
          if (isMaintenanceError(error, "ERR_STATE_UNREADABLE")) return null;
          throw error;
        });
        const next = tail && following(view, position, tail);
        if (next === null) return "reload";
        view = next.view;
        return next.changes;
      }),
    commit: (draft, { signal, announce = false } = {}) =>
      call(signal, async () => {
        requireReadableChange(draft);
        const lineage = storedLineage(draft.lineage);
        if (lineage === null) return conflict(signal);
        const mint = { stamp: crypto.randomUUID(), newLineage: crypto.randomUUID(), latest: latestOf(view), announce };
        const head = await storage.append({ ...draft, lineage }, mint, signal);
        if (head === null) return conflict(signal);
        view = seeing(view, null, head);
        return { ok: true, position: { lineage: view.lineage, version: head.version } };
      }),
    history: (query, { signal } = {}) => call(signal, () => storage.readHistory(query, signal)),
    importState: (content, over, { signal } = {}) =>
      call(signal, async () => {
        requireReadableContent(content);
        const lineage = storedLineage(over.lineage);
        if (lineage === null) return conflict(signal);
        // Derived and not random: two processes that copy the same state write the same stamps.
        const stampOf = (version: number): string => `${version}@${content.lineage}`;
        const head = await storage.replace(content, { ...over, lineage }, stampOf, signal);
        if (head === null) return conflict(signal);
        view = seeing(view, null, head);
        return { ok: true, position: { lineage: view.lineage, version: head.version } };
      }),
    examine: ({ signal } = {}) =>
      call(signal, async () => {
        try {
          return (await storage.examine?.(signal)) ?? [];
        } catch (error) {
          if (signal?.aborted || !isMaintenanceError(error)) throw error;
          return [errorFinding("connection", error.message, error.hint)];
        }
      }),
    ...(storage.watch && {
      watch: (listener: HintListener, { signal }: { readonly signal: AbortSignal }) =>
        call(undefined, async () => {
          if (signal.aborted) return;
          await storage.watch?.((message) => listener(changesIn(message)), AbortSignal.any([signal, closing.signal]));
          if (!signal.aborted && closing.signal.aborted) {
            throw new MaintenanceError("ERR_ALREADY_CLOSED", `The store '${name}' is closed.`);
          }
        }),
    }),
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await close();
      await storage.close?.();
    },
  };
}
