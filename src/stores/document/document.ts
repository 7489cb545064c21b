import { MaintenanceError } from "../../errors.ts";
import { trackCalls } from "../driver/calls.ts";
import { pauseAfter } from "../driver/pause-after.ts";
import { requireReadableChange, requireReadableContent } from "../log/change.ts";
import { memberList } from "../members/list.ts";
import type { MemberStorage } from "../members/storage.ts";
import type {
  ChangeDraft,
  CommitResult,
  HintListener,
  Position,
  StateChange,
  Store,
  StoreCapabilities,
} from "../store.ts";
import { type DocumentContent, readBack, serializeDocument, unreadable } from "./format.ts";
import { documentParser } from "./known-entries.ts";
import {
  applyChange,
  changesAfter,
  type DocumentView,
  extendHistory,
  isReadable,
  NO_CONTENT,
  nextView,
} from "./view.ts";

/** A place that can keep one value. Every method rejects with `ERR_STORE_UNAVAILABLE` when it fails. */
interface Storage<Value> {
  readonly name: string;
  readonly capabilities: StoreCapabilities;
  /** `null` when there is nothing. */
  read(signal?: AbortSignal): Promise<Value | null>;
  /** Reads the tag without the value: the cost of a poll. */
  probe(signal?: AbortSignal): Promise<string | null>;
  /** Runs `work` under a lock between processes. Absent if the condition of `write` is enough. */
  exclusively?<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** As `Store.watch`. */
  watch?(listener: HintListener, signal: AbortSignal): Promise<void>;
  /** Keeps the list of processes, apart from the state. */
  readonly members?: MemberStorage;
  close?(): Promise<void>;
}

/** A place that can keep one text. */
export interface DocumentStorage extends Storage<TaggedText> {
  /** The hint for a text that cannot be read: how to edit it, or to move it away. */
  readonly fix?: string;
  /** Writes all of `text` or nothing; `false`, and nothing written, when the tag is no longer `expected`. */
  write(text: string, expected: string | null, signal?: AbortSignal): Promise<boolean>;
}

/** A place that keeps the content in parts, so that the cost of a change does not depend on the length of the history. */
export interface ContentStorage extends Storage<TaggedContent> {
  /** As `DocumentStorage.write`. */
  write(content: DocumentContent, expected: string | null, signal?: AbortSignal): Promise<boolean>;
}

export interface TaggedText {
  readonly text: string;
  /** Changes whenever the text does. */
  readonly tag: string;
}

export interface TaggedContent {
  readonly content: DocumentContent;
  /** Changes whenever the content does. */
  readonly tag: string;
}

export interface DocumentStoreOptions {
  /** For tests. @default () => crypto.randomUUID() */
  readonly mintLineage?: (() => string) | undefined;
  /** For tests. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** The number of times that a commit is tried again after another writer was faster. Each time one change was accepted. */
const ATTEMPTS = 20;

/** A store over any place that can only keep one text: a file, an object, a key. */
export function documentStore(storage: DocumentStorage, options: DocumentStoreOptions = {}): Store {
  return contentStore(contentStorage(storage), options);
}

/** Reads a text as content. What was read or written last is not parsed again, whatever its history holds. */
function contentStorage(storage: DocumentStorage): ContentStorage {
  const { name, fix = "" } = storage;
  let hasSeenContent = false;
  let known: { readonly text: string; readonly content: DocumentContent } | null = null;
  const parse = documentParser(`The state in ${name}`, fix);

  async function contentOf(text: string): Promise<DocumentContent> {
    if (known?.text === text) return known.content;
    const content = await parse(text);
    known = { text, content };
    return content;
  }

  return {
    ...storage,
    async read(signal) {
      const found = await storage.read(signal);
      const isEmpty = found === null || found.text.trim() === "";
      if (found !== null && isEmpty && hasSeenContent) {
        // Not created by `touch`: a program that empties the file before it writes is busy, or was killed there.
        throw unreadable(`The state in ${name} is empty, but was not before.`, fix);
      }
      const content = found && (await contentOf(found.text));
      hasSeenContent = !isEmpty;
      return found && content && { content, tag: found.tag };
    },
    async write(content, expected, signal) {
      const text = serializeDocument(content);
      // Before the write: followers may read the text before this process continues.
      known = { text, content };
      const isWritten = await storage.write(text, expected, signal);
      if (isWritten) hasSeenContent = true;
      return isWritten;
    },
  };
}

/** A store over any place that can only keep the state as a whole. */
export function contentStore(storage: ContentStorage, options: DocumentStoreOptions = {}): Store {
  const { name, capabilities } = storage;
  const { mintLineage = () => crypto.randomUUID(), random = Math.random } = options;
  /** One per watch and not one per store: on Workers a signal belongs to the request that created it. */
  const watches = new Set<AbortController>();
  const memberCalls = trackCalls(name);
  let closed = false;
  let view: DocumentView | null = null;
  let lastCommit: Promise<unknown> = Promise.resolve();

  function begin(signal: AbortSignal | undefined): void {
    if (closed) throw new MaintenanceError("ERR_ALREADY_CLOSED", `The store '${name}' is closed.`);
    signal?.throwIfAborted();
  }

  async function read(signal: AbortSignal | undefined): Promise<DocumentView> {
    const found = await storage.read(signal);
    view = nextView(view, found?.content ?? NO_CONTENT, found?.tag ?? null, mintLineage);
    return view;
  }

  async function write(draft: ChangeDraft, signal: AbortSignal | undefined): Promise<CommitResult> {
    let current: DocumentView;
    let attempts = 0;
    do {
      if (attempts > 0) await pauseAfter(attempts, random);
      signal?.throwIfAborted();
      current = await read(signal);
      const records = draft.lineage === current.lineage ? applyChange(current.records, draft) : null;
      if (records === null) break;
      const position = { lineage: current.content.lineage || mintLineage(), version: current.version + 1 };
      const { lineage: _lineage, ...change } = draft;
      const history = extendHistory(current.content.history, { ...change, version: position.version });
      const content = readBack({ ...current.content, ...position, records, history }, current.content);
      if (await storage.write(content, current.tag, signal)) return { ok: true, position };
    } while (++attempts < ATTEMPTS);
    return conflictWith(current);
  }

  /** Runs the changes of this process one after the other: fifty at once would only wait for each other at the lock. */
  function inTurn<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const turn = lastCommit.then(() => {
      signal?.throwIfAborted();
      return storage.exclusively ? storage.exclusively(work, signal) : work();
    });
    // The caller gets the failure; the next change in the queue does not.
    lastCommit = turn.catch(() => {});
    return turn;
  }

  return {
    name,
    capabilities,
    ...(storage.members && { members: memberList(storage.members, { name, call: memberCalls.call }) }),
    async load({ signal } = {}) {
      begin(signal);
      const { records, ...rest } = await read(signal);
      return { ...positionOf(rest), records };
    },
    async changesSince(position, { signal } = {}) {
      begin(signal);
      const tag = await storage.probe(signal);
      return changesAfter(view?.tag === tag ? view : await read(signal), position);
    },
    async commit(draft, { signal } = {}) {
      begin(signal);
      requireReadableChange(draft);
      return inTurn(signal, () => write(draft, signal));
    },
    async history({ site, before = Number.POSITIVE_INFINITY, limit }, { signal } = {}) {
      begin(signal);
      const { content, lineage } = await read(signal);
      const unread = content.history.find((entry) => !isReadable(entry));
      if (unread !== undefined && "error" in unread) throw unread.error;
      return content.history
        .filter(isReadable)
        .filter(({ version, records }) => version < before && (!site || records.some(({ id }) => id === site)))
        .slice(0, limit)
        .map((entry): StateChange => ({ ...entry, lineage }));
    },
    async importState(content, over, { signal } = {}) {
      begin(signal);
      requireReadableContent(content);
      return inTurn(signal, async () => {
        const current = await read(signal);
        if (over.lineage !== current.lineage || over.version !== current.version) return conflictWith(current);
        const { lineage, version, records } = content;
        const history = content.history.reduceRight<DocumentContent["history"]>(
          (kept, { lineage: _lineage, ...entry }) => extendHistory(kept, entry),
          [],
        );
        const imported = readBack({ lineage, version, records, history }, NO_CONTENT);
        if (!(await storage.write(imported, current.tag, signal))) return conflictWith(await read(signal));
        return { ok: true, position: { lineage, version } };
      });
    },
    ...(storage.watch && {
      async watch(listener: HintListener, { signal }: { readonly signal: AbortSignal }) {
        begin(undefined);
        if (signal.aborted) return;
        const ending = new AbortController();
        watches.add(ending);
        try {
          await storage.watch?.(listener, AbortSignal.any([signal, ending.signal]));
        } finally {
          watches.delete(ending);
        }
        if (!signal.aborted) begin(undefined);
      },
    }),
    async close() {
      if (closed) return;
      closed = true;
      for (const ending of watches) ending.abort();
      await Promise.all([lastCommit, memberCalls.close()]);
      await storage.close?.();
    },
  };
}

function conflictWith(current: Position): CommitResult {
  return { ok: false, reason: "conflict", current: positionOf(current) };
}

function positionOf({ lineage, version }: Position): Position {
  return { lineage, version };
}
