import type { SqlConnection, SqlDatabase, SqlResult } from "../sql/engine.ts";
import type { PostgresChannel } from "./watch.ts";

/** The members of a PGlite that the store uses. */
export interface PGliteInstance {
  query(sql: string, parameters?: unknown[]): Promise<{ readonly rows: unknown[] }>;
  transaction<T>(work: (transaction: Pick<PGliteInstance, "query">) => Promise<T>): Promise<T | undefined>;
  listen(channel: string, listener: (payload: string) => void): Promise<() => Promise<void>>;
}

/** Does not close the instance, which is the user's. */
export function pgliteDatabase(pglite: PGliteInstance, { channel }: PostgresChannel): SqlDatabase {
  return {
    connect: async () => toConnection(pglite),
    close: async () => {},
    async listen(listener, signal) {
      const stop = await pglite.listen(channel, (payload) => {
        if (!signal.aborted) listener(payload);
      });
      listener();
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      await stop();
    },
  };
}

interface OpenTransaction extends Pick<PGliteInstance, "query"> {
  /** Ends the transaction; with an error, rolls it back. Settles once it has ended. */
  end(error?: Error): Promise<unknown>;
}

/** A PGlite has one connection. It is exclusive only while the function of `transaction` runs. */
function toConnection(pglite: PGliteInstance): SqlConnection {
  let open: OpenTransaction | null = null;

  async function query(sql: string, parameters: readonly unknown[]): Promise<SqlResult> {
    if (sql === "begin") {
      open = await begin(pglite);
      return { rows: [] };
    }
    if (open !== null && (sql === "commit" || sql === "rollback")) {
      const ending = open.end(sql === "commit" ? undefined : new Error("rolled back"));
      open = null;
      await (sql === "commit" ? ending : ending.catch(() => {}));
      return { rows: [] };
    }
    return (open ?? pglite).query(sql, [...parameters]);
  }

  return { query, release: () => void open?.end(new Error("given up")).catch(() => {}) };
}

function begin(pglite: PGliteInstance): Promise<OpenTransaction> {
  return new Promise((resolve, reject) => {
    const over: Promise<unknown> = pglite.transaction(
      (transaction) =>
        new Promise<void>((commit, rollback) => {
          const end = (error?: Error): Promise<unknown> => {
            if (error === undefined) commit();
            else rollback(error);
            return over;
          };
          resolve({ query: (sql, parameters) => transaction.query(sql, parameters), end });
        }),
    );
    over.catch(reject);
  });
}
