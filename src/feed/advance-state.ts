import { type CompiledSite, compileSite } from "../engine/snapshot/compiled-site.ts";
import { HeldRecords } from "../engine/snapshot/held-records.ts";
import { Sites } from "../engine/snapshot/sites.ts";
import { MaintenanceError, messageOf } from "../errors.ts";
import { loadLinearRegExp } from "../rules/linear-regexp.ts";
import { closedRecord } from "../state/closed-record.ts";
import { readPlainRecord } from "../state/plain-record.ts";
import type { SiteRecord } from "../state/site-record.ts";
import type { State } from "../state/state.ts";
import type { LoadOptions, PartRecord, StateChange, StateDocument } from "../stores/store.ts";
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
  const entries: PartRecord[] = [];
  let { version } = state;
  for (const change of changes) {
    if (change.lineage !== state.lineage || change.version !== version + 1) return null;
    version = change.version;
    for (const { id, seen, after } of change.records) entries.push({ id, version: seen + 1, text: after });
  }
  const draft = new Draft(sitesOf(state, reading), new Map(state.unreadable), new Map(state.closedInstead));
  await draft.read(entries, reading);
  return draft.finish({ lineage: state.lineage, version });
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

function sitesOf(state: State | null, { ignoreCase }: Reading): Sites {
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
        const held = changed.get(id) ?? this.#sites.byId.get(id) ?? null;
        changed.set(id, this.#siteOf(entry, record, held, reading));
        if (text === null) this.#read?.delete(id);
        else this.#read?.add(id);
      }
      this.#sites = this.#sites.with([...changed]);
    }
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
    { ignoreCase }: Reading,
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

let validation: typeof import("../state/parse-state.ts") | undefined;

async function readAnyRecord(
  id: string,
  version: number,
  text: string,
  { name, separateRecords }: Reading,
): Promise<SiteRecord | MaintenanceError> {
  if (text.includes('"re:')) await loadEngine(name);
  // The whole validation is seldom needed: it is loaded for the first record that needs it.
  validation ??= await import("../state/parse-state.ts");
  return validation.readRecord(id, version, text, separateRecords);
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
