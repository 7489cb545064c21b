import type { State } from "../../state/state.ts";
import type { ChangeDraft, Position, Store } from "../../stores/store.ts";
import type { Application } from "../apply/apply-command.ts";
import { isSame } from "../apply/restore-switch.ts";
import type { CommandResult } from "../controller.ts";
import { holdsSecrets } from "../views/record-view.ts";

/** A command that can be applied to any state. */
export interface PreparedCommand {
  load(): Promise<State>;
  apply(state: State): Application & CommandResult;
}

/** Makes one call of the store, with a time limit. */
export type Ask = <T>(call: (signal: AbortSignal) => Promise<T>) => Promise<T>;

export interface Writer {
  /** Whether a write has begun whose end is not known. */
  readonly mayBeWritten: boolean;
  /**
   * Tries to write the change. Returns `null` if another change came first: then call it again, and also after it has rejected. A write whose
   * answer was lost is looked up in the history by its text, and never made twice.
   */
  attempt(ask: Ask): Promise<CommandResult | null>;
}

interface Pending {
  readonly draft: ChangeDraft;
  readonly result: CommandResult;
  /** Position of the state to which the command was applied. */
  readonly from: Position;
}

const PAGE = 50;

export function createWriter(store: Store, command: PreparedCommand): Writer {
  let pending: Pending | null = null;
  let mayBeWritten = false;

  async function prepare(ask: Ask): Promise<Pending | CommandResult> {
    const state = await ask(() => command.load());
    const { draft, ...result } = command.apply(state);
    return draft === null ? result : { draft, result, from: state };
  }

  return {
    get mayBeWritten() {
      return mayBeWritten;
    },
    async attempt(ask) {
      if (pending === null) {
        const prepared = await prepare(ask);
        if (!("draft" in prepared)) return prepared;
        pending = prepared;
      }
      const { draft, result } = pending;
      const repeats = mayBeWritten;
      const found = repeats ? await findWritten(store, pending, ask) : null;
      if (found !== null) return { ...result, position: found };
      mayBeWritten = true;
      const records = result.outcomes.flatMap(({ before, after }) => [before, after]);
      const announce = !records.some((record) => record !== null && holdsSecrets(record));
      const written = await ask((signal) => store.commit(draft, { announce, signal }));
      if (written.ok) return { ...result, position: written.position };
      // The conflict may be with the write whose answer was lost.
      const late = repeats ? await findWritten(store, pending, ask) : null;
      mayBeWritten = false;
      pending = null;
      return late === null ? null : { ...result, position: late };
    },
  };
}

/** Returns the position of the accepted change with the content of the draft; `null` if there is none. */
async function findWritten(store: Store, { draft, from }: Pending, ask: Ask): Promise<Position | null> {
  for (let before: number | undefined; ; ) {
    const changes = await ask((signal) => store.history({ limit: PAGE, before }, { signal }));
    for (const { lineage, version, ...change } of changes) {
      if (from.lineage !== "" && lineage !== from.lineage) return null;
      if (from.lineage !== "" && version <= from.version) return null;
      const { command, records, at, by } = draft;
      const isIt =
        change.command === command &&
        change.at === at &&
        isSame(change.by, by) &&
        records.length === change.records.length &&
        records.every((record, index) => {
          const other = change.records[index];
          return other?.id === record.id && other.seen === record.seen && other.after === record.after;
        });
      if (isIt) return { lineage, version };
    }
    if (changes.length < PAGE) return null;
    before = changes.at(-1)?.version;
  }
}
