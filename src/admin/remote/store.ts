import { MaintenanceError } from "../../errors.ts";
import type { HistoryQuery, StateChange, Store, StoredRecord } from "../../stores/store.ts";
import type { ChangesPage, StateView } from "../schema/remote-answers.ts";
import { readChangesPage, readStateView } from "../schema/remote-answers.ts";
import type { AdminClient } from "./admin-client.ts";

const READ_ONLY = "The store behind an admin cannot be written directly, only changed by commands.";

/** Returns a store that reads the state behind an admin: commits are refused with `ERR_INVALID_COMMAND`. */
export function remoteStore(
  client: AdminClient,
  { store: name, separateRecords }: Pick<StateView, "store" | "separateRecords">,
): Store {
  return {
    name,
    capabilities: {
      compareAndSet: true,
      // The same as the server's own.
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

/** The server searches only a part of its history per request, and may return fewer entries than requested. */
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

/** Returns a record that the server could not read, and whose text it does not send. */
function withoutText(id: string): StoredRecord {
  return { id, version: 1, text: "null" };
}

function refuse(): Promise<never> {
  return Promise.reject(
    new MaintenanceError("ERR_INVALID_COMMAND", READ_ONLY, { hint: "Work on the store itself: leave out --url." }),
  );
}
