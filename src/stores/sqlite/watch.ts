import { setTimeout as sleep } from "node:timers/promises";
import { watchFile } from "../file/watch.ts";
import type { SqlDatabase } from "../sql/engine.ts";

/** Milliseconds between two checks: events of the folder show most commits, but not all. */
const POLL_EVERY = 100;
/** Milliseconds before each check after an event of the folder: a commit becomes visible shortly after it is written. */
const LOOKS = [0, 1, 2, 4, 8, 16] as const;

/** Calls `listener` once, and whenever the database has changed, until the signal aborts. */
export async function watchSqlite(
  path: string | null,
  use: () => Promise<SqlDatabase>,
  isAbsent: () => boolean,
  listener: () => void,
  signal: AbortSignal,
): Promise<void> {
  const ending = new AbortController();
  const both = AbortSignal.any([signal, ending.signal]);
  let known: string | null = null;
  let told = 0;

  async function look(): Promise<void> {
    const found = isAbsent() ? "absent" : await tagOf(await use());
    const changed = found !== known;
    known = found;
    if (changed && !both.aborted) listener();
  }

  async function lookUntilChanged(): Promise<void> {
    told += 1;
    const [before, own] = [known, told];
    for (const pause of LOOKS) {
      await sleep(pause, undefined, { signal: both, ref: false }).catch(() => {});
      if (both.aborted || told !== own) return;
      await look();
      if (known !== before) return;
    }
  }

  try {
    await look();
    const failed = new Promise<never>((_, reject) => {
      // If the folder cannot be watched, polling is enough.
      const onFolder = (): void => void lookUntilChanged().catch(reject);
      if (path !== null) watchFile(`${path}-wal`, onFolder, both).catch(() => {});
    });
    const polling = async (): Promise<void> => {
      while (!both.aborted) {
        await sleep(POLL_EVERY, undefined, { signal: both, ref: false }).catch(() => {});
        if (!both.aborted) await look();
      }
    };
    await Promise.race([polling(), failed]);
  } finally {
    ending.abort();
  }
}

/** Returns a tag that changes with each commit: SQLite counts the commits of other connections, and the changes of this one. */
async function tagOf(database: SqlDatabase): Promise<string> {
  const connection = await database.connect();
  const counts = ["pragma data_version", "select total_changes()"].map(async (sql) => {
    const { rows } = await connection.query(sql, []);
    return Object.values(Object(rows[0]))[0];
  });
  return (await Promise.all(counts)).join("-");
}
