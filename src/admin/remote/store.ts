import { MaintenanceError } from "../../errors.ts";
import type { HistoryQuery, StateChange, Store, StoredRecord } from "../../stores/store.ts";
import type { ChangesPage, StateView } from "../schema/remote-answers.ts";
import { readChangesPage, readStateView } from "../schema/remote-answers.ts";
import type { AdminClient } from "./admin-client.ts";

const READ_ONLY = "What is behind an admin is changed by commands, and not written to.";

/** The state behind an admin, to read: commits are refused with `ERR_INVALID_COMMAND`. */
export function remoteStore(
  client: AdminClient,
  { store: name, separateRecords }: Pick<StateView, "store" | "separateRecords">,
): Store {
  return {
    name,
    capabilities: {
      compareAndSet: true,
      // As good as the server's own.
      readAfterWrite: "eventual",
      push: false,
      shared: true,
      separateRecords,
    },
    async load({ sites } = {}) {
      const { lineage, version, records, unreadable } = await client.get("state", { site: sites }, readStateView);
      return { lineage, version, records: [...records, ...unreadable.map(withoutText)] };
    },
    async changesSince({ lineage, version }) {
      const now = await client.get("state", { site: "*" }, readStateView);
      return now.lineage === lineage && now.version === version ? [] : "reload";
    },
    history: (query) => readHistory(client, query),
    commit: refuse,
    importState: refuse,
    close: async () => {},
  };
}

/** The server looks through so much of its history at once, and may have found less than was asked for. */
export async function readHistory(
  client: AdminClient,
  { site, before, limit }: HistoryQuery,
): Promise<readonly StateChange[]> {
  const changes: StateChange[] = [];
  for (let next: number | null | undefined = before; next !== null && changes.length < limit; ) {
    const page: ChangesPage = await client.get(
      "changes",
      { site, before: next, limit: limit - changes.length },
      readChangesPage,
    );
    changes.push(...page.changes);
    next = page.next;
  }
  return changes;
}

/** The server could not read it, and does not say what is there. */
function withoutText(id: string): StoredRecord {
  return { id, version: 1, text: "null" };
}

function refuse(): Promise<never> {
  return Promise.reject(
    new MaintenanceError("ERR_INVALID_COMMAND", READ_ONLY, { hint: "Work on the store itself: leave out --url." }),
  );
}
