import { sqliteStore } from "../../src/stores/sqlite.ts";
import type { Store } from "../../src/stores/store.ts";

// Works on a store as a separate process, which `store-process.ts` starts.

const [kind, options = "{}", task, count = "0"] = process.argv.slice(2);

async function openStore(): Promise<Store> {
  const parsed = JSON.parse(options);
  if (kind === "postgres") return (await import("../../src/stores/postgres.ts")).postgresStore(parsed);
  if (kind === "mysql") return (await import("../../src/stores/mysql.ts")).mysqlStore(parsed);
  return sqliteStore(parsed);
}

/** Adds one to the counter of every site in one change, and tries again if another writer was faster. Returns the last value. */
async function increment(store: Store, sites: readonly string[]): Promise<number> {
  for (;;) {
    const { lineage, records } = await store.load();
    const known = new Map(records.map((record) => [record.id, record]));
    let value = 0;
    const changes = sites.map((id) => {
      const record = known.get(id);
      value = (record === undefined ? 0 : JSON.parse(record.text).value) + 1;
      return { id, seen: record?.version ?? 0, before: record?.text ?? null, after: JSON.stringify({ value }) };
    });
    const by = { kind: "program", label: "worker" } as const;
    const draft = { lineage, command: "edit", at: "2026-01-02T03:04:05Z", by, reason: "", records: changes };
    if ((await store.commit(draft)).ok) return value;
  }
}

const store = await openStore();
if (task === "migrate") {
  process.stdout.write(`${JSON.stringify(await store.migrations?.migrate())}\n`);
} else {
  const sites = task === "many" ? Array.from({ length: 300 }, (_, index) => `site-${index}`) : ["counter"];
  for (let done = 0; done < Number(count); done += 1) process.stdout.write(`${await increment(store, sites)}\n`);
}
await store.close();
