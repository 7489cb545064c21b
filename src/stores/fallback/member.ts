import type { HistoryQuery, LoadOptions, Position, StateChange, StateDocument, Store } from "../store.ts";
import type { Lead } from "./lead.ts";

/** One of the stores, for reading. Every call is one that has not ended before `signal` aborts. */
export interface Member {
  readonly store: Store;
  load(options: LoadOptions): Promise<StateDocument>;
  changesSince(position: Position, signal: AbortSignal): Promise<readonly StateChange[] | "reload">;
  history(query: HistoryQuery, signal: AbortSignal): Promise<readonly StateChange[]>;
}

/** Suffix of the lineage in the positions of a copy. */
const MARK = "~copy";

/** The primary. */
export function leadingMember(store: Store, lead: Lead): Member {
  async function told<T>(work: Promise<T>, began: number, positionOf: (answer: T) => Position | null): Promise<T> {
    const answer = await work;
    lead.answered(began, positionOf(answer));
    return answer;
  }
  return {
    store,
    load: (options) => told(store.load(options), lead.begin(), (document) => document),
    async changesSince(position, signal) {
      const began = lead.begin();
      if (position.lineage.includes(MARK)) {
        // A copy's position says nothing about the primary's changes. Ask only whether the primary is available.
        await told(store.load({ sites: [], signal }), began, (document) => document);
        return "reload";
      }
      return told(store.changesSince(position, { signal }), began, (changes) =>
        changes === "reload" ? null : (changes.at(-1) ?? position),
      );
    },
    history: (query, signal) => told(store.history(query, { signal }), lead.begin(), () => null),
  };
}

/**
 * A store that holds a copy. The positions that it gives out have a lineage of their own: a copy and the primary may hold different
 * states under one version, after one of them was restored, and neither may say of the other's that nothing has changed.
 */
export function copyMember(store: Store, index: number, lead: Lead): Member {
  const mark = `${MARK}${index}`;
  const marked = (changes: readonly StateChange[]): readonly StateChange[] =>
    changes.map((change) => ({ ...change, lineage: `${change.lineage}${mark}` }));

  async function requireCurrent(signal: AbortSignal): Promise<void> {
    lead.requireCurrent(await store.load({ sites: [], signal }), store);
  }

  return {
    store,
    async load(options) {
      const document = await store.load(options);
      lead.requireCurrent(document, store);
      return { ...document, lineage: `${document.lineage}${mark}` };
    },
    async changesSince({ lineage, version }, signal) {
      const own = { lineage: lineage.slice(0, -mark.length), version };
      const changes = lineage.endsWith(mark) ? await store.changesSince(own, { signal }) : "reload";
      if (changes === "reload") {
        await requireCurrent(signal);
        return changes;
      }
      lead.requireCurrent(changes.at(-1) ?? own, store);
      return marked(changes);
    },
    async history(query, signal) {
      await requireCurrent(signal);
      return marked(await store.history(query, { signal }));
    },
  };
}
