import { type CompiledSite, compileSite } from "../engine/snapshot/compiled-site.ts";
import { HeldRecords } from "../engine/snapshot/held-records.ts";
import { Sites } from "../engine/snapshot/sites.ts";
import { MaintenanceError, messageOf } from "../errors.ts";
import { loadLinearRegExp, mayHoldLinearRegExp } from "../rules/linear-regexp.ts";
import { closedRecord } from "../state/closed-record.ts";
import { readRecord } from "../state/parse-state.ts";
import { readPlainRecord } from "../state/plain-record.ts";
import type { SiteRecord } from "../state/site-record.ts";
import type { State } from "../state/state.ts";
import type { LoadOptions, PartRecord, Position, StateChange, StateDocument } from "../stores/store.ts";
import { inTurns, type Turns } from "../turn.ts";

/** How the records of a store are read. */
export interface Reading extends Turns {
  /** Name of the store, for messages. */
  readonly name: string;
  /** A record that cannot be read is refused alone: its last readable version is kept, and a site without one is closed. */
  readonly separateRecords: boolean;
  readonly ignoreCase: boolean;
}

/** Returns `state` after `changes`, oldest first; `null` if they do not follow it. Rejects as `replaceState` does. */
export async function applyChanges(
  state: State,
  changes: readonly StateChange[],
  reading: Reading,
): Promise<State | null> {
  const next = positionAfter(state, changes);
  if (next === null) return null;
  const draft = draftFrom(state, reading);
  await draft.read(entriesOf(changes), reading);
  return draft.finish(next);
}

/**
 * Returns `state` after the changes that a hint carried; `null` if there are none, or one does not follow on, cannot be read, or needs an
 * engine that may not be loaded. A store of the user's own may pass anything.
 */
export function applyHint(state: State, changes: unknown, ignoreCase: boolean): State | null {
  if (!Array.isArray(changes) || changes.length === 0) return null;
  try {
    const next = positionAfter(state, changes);
    if (next === null) return null;
    const draft = draftFrom(state, { ignoreCase });
    return draft.readAtOnce(entriesOf(changes), ignoreCase) ? draft.finish(next) : null;
  } catch {
    return null;
  }
}

/** Returns whether both states have the same content. Costs little for versions of one state. */
export function isSameState(a: State, b: State, ignoreCase: boolean): boolean {
  if (a.lineage !== b.lineage || a.version !== b.version) return false;
  const [sites, others] = [sitesOf(a, { ignoreCase }).byId, sitesOf(b, { ignoreCase }).byId];
  const isSame = (id: string): boolean => {
    const [site, other] = [sites.get(id), others.get(id)];
    return site === undefined || other === undefined ? site === other : site.isLike(other);
  };
  const unreadable = [...a.unreadable.keys(), ...b.unreadable.keys()];
  return (
    unreadable.every((id) => a.unreadable.get(id) === b.unreadable.get(id)) && sites.changedSince(others).every(isSame)
  );
}

function positionAfter({ lineage, version }: State, changes: readonly StateChange[]): Position | null {
  const follows = changes.every(
    (change, index) => change.lineage === lineage && change.version === version + index + 1,
  );
  return follows ? { lineage, version: version + changes.length } : null;
}

function entriesOf(changes: readonly StateChange[]): readonly PartRecord[] {
  return changes.flatMap(({ records }) =>
    records.map(({ id, seen, after }) => ({ id, version: seen + 1, text: after })),
  );
}

function draftFrom(state: State, reading: Pick<Reading, "ignoreCase">): Draft {
  return new Draft(sitesOf(state, reading), new Map(state.unreadable), new Map(state.closedInstead));
}

/**
 * Returns the state of a whole document. Unchanged records are the same objects as in `previous`. Rejects with `ERR_STATE_UNREADABLE` or
 * `ERR_STATE_TOO_NEW` for the first record that cannot be read, unless records are separate; with the reason of the signal if it aborts.
 */
export async function replaceState(document: StateDocument, previous: State | null, reading: Reading): Promise<State> {
  return await loadState(async () => document, previous, reading);
}

/** The same for a document that a store returns, or passes to `take` in parts. */
export async function loadState(
  load: (take: NonNullable<LoadOptions["take"]>) => Promise<StateDocument>,
  previous: State | null,
  reading: Reading,
): Promise<State> {
  const begin = (): Draft => new Draft(sitesOf(previous, reading), new Map(), new Map());
  let draft = begin();
  const document = await load(async (part) => {
    if (part === "again") draft = begin();
    else await draft.read(part, reading);
    // Also after a short part: the store may have read it on this thread.
    await reading.nextTurn();
    reading.signal?.throwIfAborted();
  });
  await draft.read(document.records, reading);
  await draft.keepOnlyRead(reading);
  return draft.finish(document);
}

function sitesOf(state: State | null, { ignoreCase }: Pick<Reading, "ignoreCase">): Sites {
  if (state === null) return Sites.of();
  return state.records instanceof HeldRecords ? state.records.sites : Sites.of(state.records.values(), ignoreCase);
}

/** The next state, while it is read in slices. Nothing of it applies before it is finished. */
class Draft {
  #sites: Sites;
  readonly #unreadable: Map<string, MaintenanceError>;
  readonly #closedInstead: Map<string, SiteRecord>;
  /** The ids that were read; `null` if there were no sites before, so that none can be missing. */
  readonly #read: Set<string> | null;

  constructor(sites: Sites, unreadable: Map<string, MaintenanceError>, closedInstead: Map<string, SiteRecord>) {
    this.#sites = sites;
    this.#unreadable = unreadable;
    this.#closedInstead = closedInstead;
    this.#read = sites.byId.size === 0 ? null : new Set();
  }

  async read(entries: readonly PartRecord[], reading: Reading): Promise<void> {
    for await (const slice of inTurns(entries, costOf, reading)) {
      const changed = new Map<string, CompiledSite | null>();
      for (const entry of slice) {
        const { id, version, text } = entry;
        const plain = text === null ? null : readPlainRecord(id, version, text);
        const record = text === null || plain !== null ? plain : await readAnyRecord(id, version, text, reading);
        // A site that was removed has no last readable version: it is closed if its next record cannot be read.
        const held = changed.has(id) ? changed.get(id) : this.#sites.byId.get(id);
        changed.set(id, this.#siteOf(entry, record, held ?? null, reading));
        if (text === null) this.#read?.delete(id);
        else this.#read?.add(id);
      }
      this.#sites = this.#sites.with([...changed]);
    }
  }

  /** Reads entries synchronously; returns false if that is not possible, or one of them cannot be read. */
  readAtOnce(entries: readonly PartRecord[], ignoreCase: boolean): boolean {
    for (const entry of entries) {
      const { id, version, text } = entry;
      const record =
        text === null ? null : (readPlainRecord(id, version, text) ?? readWithoutEngine(id, version, text));
      if (record === undefined) return false;
      this.#sites = this.#sites.with([
        [id, this.#siteOf(entry, record, this.#sites.byId.get(id) ?? null, { ignoreCase })],
      ]);
    }
    return true;
  }

  /** Removes the sites that were not read. */
  async keepOnlyRead(reading: Reading): Promise<void> {
    const read = this.#read;
    if (read === null || this.#sites.byId.size === read.size) return;
    for await (const slice of inTurns(this.#sites.byId.keys(), () => 1, reading)) {
      this.#sites = this.#sites.with(slice.flatMap((id) => (read.has(id) ? [] : [[id, null] as const])));
    }
  }

  finish({ lineage, version }: Pick<State, "lineage" | "version">): State {
    return {
      lineage,
      version,
      records: new HeldRecords(this.#sites),
      unreadable: this.#unreadable,
      closedInstead: this.#closedInstead,
    };
  }

  /** Returns `held` itself if its record has not changed, or can no longer be read. */
  #siteOf(
    { id, text }: PartRecord,
    record: SiteRecord | MaintenanceError | null,
    held: CompiledSite | null,
    { ignoreCase }: Pick<Reading, "ignoreCase">,
  ): CompiledSite | null {
    this.#unreadable.delete(id);
    this.#closedInstead.delete(id);
    if (record === null) return null;
    if (!(record instanceof MaintenanceError)) {
      const site = compileSite(record, ignoreCase);
      return held?.isLike(site) ? held : site;
    }
    const closed = closedRecord(id, text ?? "");
    this.#unreadable.set(id, record);
    this.#closedInstead.set(id, closed);
    return held ?? compileSite(closed, ignoreCase);
  }
}

/** Records that are not plain are longer, and each character of them costs more. */
function costOf({ text }: PartRecord): number {
  return text?.length ?? 0;
}

async function readAnyRecord(
  id: string,
  version: number,
  text: string,
  { name, separateRecords }: Reading,
): Promise<SiteRecord | MaintenanceError> {
  if (mayHoldLinearRegExp([text])) await loadEngine(name);
  return readRecord(id, version, text, separateRecords);
}

/** Returns `undefined` if the record needs an engine that may not be loaded. Throws if it is invalid. */
function readWithoutEngine(id: string, version: number, text: string): SiteRecord | undefined {
  const record = mayHoldLinearRegExp([text]) ? undefined : readRecord(id, version, text, false);
  return record instanceof MaintenanceError ? undefined : record;
}

/** A stored state that cannot be applied is unreadable, not unavailable: a site whose paths are unknown must not open. */
async function loadEngine(name: string): Promise<void> {
  try {
    await loadLinearRegExp();
  } catch (cause) {
    const message = `${name} contains regular expressions, but their engine could not be loaded: ${messageOf(cause)}.`;
    const hint = "Reinstall the package with its dependency re2js, and restart the process.";
    throw new MaintenanceError("ERR_STATE_UNREADABLE", message, { hint, cause });
  }
}
