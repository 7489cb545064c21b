import { type DatabaseConnection, type Driver, type LogEvent, type QueryResult, sql } from "kysely";
import { type Migration, type MigrationResultSet, Migrator, NO_MIGRATIONS } from "kysely/migration";
import { withinDeadline } from "../../deadline.ts";
import { MaintenanceError, messageOf } from "../../errors.ts";
import type { StoreMigrations } from "../store.ts";
import { createBuilder } from "./builder.ts";
import { type SqlConnection, type SqlEngine, type SqlSettings, unknownStep } from "./engine.ts";
import { state } from "./migrations/0001-state.ts";
import { log } from "./migrations/0002-log.ts";
import { members } from "./migrations/0003-members.ts";
import { columnTypes, type MigrationStep } from "./migrations/step.ts";

/** Every step, by the name under which the database records it. They run in the order of their names. */
const STEPS: Readonly<Record<string, MigrationStep>> = {
  "0001-state": state,
  "0002-log": log,
  "0003-members": members,
};
/** Without these the state can be read and changed. */
const OPTIONAL: ReadonlySet<string> = new Set(["0003-members"]);
/** The name of the state before the first step. */
const NONE = "none";
/** Milliseconds that one query of a migration may take, including the wait for other processes that migrate. */
const MAX_QUERY_MS = 100_000;

type Migrated = Awaited<ReturnType<StoreMigrations["migrate"]>>;

export async function listSteps(
  engine: SqlEngine,
  settings: SqlSettings,
  connection: SqlConnection,
): Promise<Awaited<ReturnType<StoreMigrations["list"]>>> {
  const driver = overConnection(engine, connection);
  const migrations = await createMigrator(engine, settings, driver).getMigrations();
  const steps = migrations.map(({ name, executedAt }) => ({ name, applied: executedAt !== undefined }));
  // Before the first step there may be no table of migrations.
  if (!steps.some(({ applied }) => applied)) return steps;
  const { tablePrefix, schema } = settings;
  const table = sql.id(...(schema === null ? [] : [schema]), `${tablePrefix}migrations`);
  const taken = sql<{ name: string }>`select name from ${table} order by name`;
  const { rows } = await taken.execute(createBuilder(engine.kind, settings, driver));
  const unknown = rows.filter(({ name }) => !Object.hasOwn(STEPS, name));
  return [...steps, ...unknown.map(({ name }) => ({ name, applied: true, unknown: true }) as const)];
}

/** Whether the state can be read and changed without this step. */
export function isOptional({ name }: { readonly name: string }): boolean {
  return OPTIONAL.has(name);
}

/** Migrates to the step `to`, or to the last. Throws `ERR_INVALID_OPTION`, `ERR_STATE_TOO_NEW` and the errors of the driver. */
export async function migrate(
  engine: SqlEngine,
  settings: SqlSettings,
  connection: SqlConnection,
  to?: string,
): Promise<Migrated> {
  return resultsOf(await goTo(createMigrator(engine, settings, overConnection(engine, connection)), to));
}

/** Returns the statements that `migrate` would send to an empty database. Needs no connection. */
export async function printSteps(engine: SqlEngine, settings: SqlSettings, to?: string): Promise<string> {
  const printed: string[] = [];
  const note = ({ query }: LogEvent): void => {
    if (/^(create|insert|alter)/i.test(query.sql)) printed.push(`${toLiteral(query.sql, query.parameters)};\n`);
  };
  resultsOf(await goTo(createMigrator(engine, settings, undefined, note), to));
  return printed.join("\n");
}

function createMigrator(
  { kind }: SqlEngine,
  settings: SqlSettings,
  driver?: Driver,
  note?: (event: LogEvent) => void,
): Migrator {
  const { tablePrefix, schema } = settings;
  const types = columnTypes(kind);
  return new Migrator({
    db: createBuilder(kind, settings, driver, note),
    migrationTableName: `${tablePrefix}migrations`,
    migrationLockTableName: `${tablePrefix}migrations_lock`,
    ...(schema !== null && { migrationTableSchema: schema }),
    provider: {
      async getMigrations() {
        const steps = Object.entries(STEPS).map(([name, step]): [string, Migration] => [
          name,
          { up: (db) => step.up(db, types), down: (db) => step.down(db) },
        ]);
        return Object.fromEntries(steps);
      },
    },
  });
}

function goTo(migrator: Migrator, to: string | undefined): Promise<MigrationResultSet> {
  if (to === undefined) return migrator.migrateToLatest();
  if (to === NONE) return migrator.migrateTo(NO_MIGRATIONS);
  if (Object.hasOwn(STEPS, to)) return migrator.migrateTo(to);
  const hint = `It is one of ${Object.keys(STEPS).join(", ")}, or ${NONE} for before the first.`;
  throw new MaintenanceError("ERR_INVALID_OPTION", `There is no migration '${to}'.`, { hint });
}

function resultsOf({ error, results = [] }: MigrationResultSet): Migrated {
  const unknown = /previously executed migration (\S+) is missing/.exec(messageOf(error));
  if (unknown?.[1] !== undefined) throw unknownStep(unknown[1]);
  if (error !== undefined) throw error;
  return results.map(({ migrationName, direction }) => ({
    name: migrationName,
    direction: direction === "Up" ? "up" : "down",
  }));
}

/** A Kysely driver over one connection, which the caller releases. */
function overConnection({ name, begin }: SqlEngine, connection: SqlConnection): Driver {
  const ask = async (sql: string, parameters: readonly unknown[] = []): Promise<void> => {
    await query(sql, parameters);
  };
  const query = async <Row>(sql: string, parameters: readonly unknown[]): Promise<QueryResult<Row>> => {
    const { rows } = await withinDeadline({ name, milliseconds: MAX_QUERY_MS }, async () =>
      connection.query(sql, parameters),
    );
    return { rows: rows as Row[] };
  };
  const only: DatabaseConnection = {
    executeQuery: ({ sql, parameters }) => query(sql, parameters),
    streamQuery: () => {
      throw new TypeError("A migration does not stream rows.");
    },
  };
  return {
    init: async () => {},
    acquireConnection: async () => only,
    beginTransaction: () => ask(begin),
    commitTransaction: () => ask("commit"),
    rollbackTransaction: () => ask("rollback"),
    releaseConnection: async () => {},
    destroy: async () => {},
  };
}

/** A statement with its parameters written into it, to be read or run by hand. Parameters are texts and numbers. */
function toLiteral(sql: string, parameters: readonly unknown[]): string {
  let next = 0;
  return sql.replace(/\$(\d+)|\?/g, (_place, number?: string) => {
    const value = parameters[number === undefined ? next++ : Number(number) - 1];
    return typeof value === "number" ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
  });
}
