import type { CompiledQuery } from "kysely";
import type { SqlResult } from "./engine.ts";

/**
 * The queries of one operation: yields each query, and receives its result. It is a generator and not an async function, because an
 * `await` would let other code run on an embedded database in the middle of a transaction.
 */
export type SqlScript<T> = Generator<Statement, T, SqlResult>;

export type Statement = Pick<CompiledQuery, "sql" | "parameters">;

/** The rows of one query. */
export function* rowsOf<Row>(query: { compile(): CompiledQuery<Row> }): SqlScript<readonly Row[]> {
  const { rows } = yield query.compile();
  return rows as readonly Row[];
}

export function* run(query: { compile(): CompiledQuery }): SqlScript<void> {
  yield query.compile();
}

/** Runs `body` in a transaction, which is rolled back if it throws. */
export function* inTransaction<T>(begin: string, body: SqlScript<T>): SqlScript<T> {
  yield statement(begin);
  try {
    const result = yield* body;
    yield statement("commit");
    return result;
  } catch (error) {
    try {
      yield statement("rollback");
    } catch {
      // The connection is gone, and the transaction with it. Report the first error.
    }
    throw error;
  }
}

/**
 * Runs a script to its end. A result that is not a promise is passed on synchronously. An error is thrown into the script, except for one
 * that `abandons` accepts: the script then stops, since its connection takes no more queries.
 */
export function drive<T>(
  script: SqlScript<T>,
  ask: (query: Statement) => SqlResult | Promise<SqlResult>,
  abandons: (error: unknown) => boolean,
): T | Promise<T> {
  let step = script.next({ rows: [] });
  while (!step.done) {
    const answer = attempt(() => ask(step.value as Statement));
    if (answer instanceof Promise) return driveOn(script, answer, ask, abandons);
    step = "error" in answer ? script.throw(answer.error) : script.next(answer);
  }
  return step.value;
}

async function driveOn<T>(
  script: SqlScript<T>,
  first: Promise<SqlResult>,
  ask: (query: Statement) => SqlResult | Promise<SqlResult>,
  abandons: (error: unknown) => boolean,
): Promise<T> {
  for (let pending = first; ; ) {
    const answer = await pending.catch((error: unknown) => ({ error }));
    if ("error" in answer && abandons(answer.error)) throw answer.error;
    const step = "error" in answer ? script.throw(answer.error) : script.next(answer);
    if (step.done) return step.value;
    pending = Promise.resolve(ask(step.value));
  }
}

function attempt(
  ask: () => SqlResult | Promise<SqlResult>,
): SqlResult | Promise<SqlResult> | { readonly error: unknown } {
  try {
    return ask();
  } catch (error) {
    return { error };
  }
}

function statement(sql: string): Statement {
  return { sql, parameters: [] };
}
