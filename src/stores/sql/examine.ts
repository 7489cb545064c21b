import { type Kysely, sql } from "kysely";
import { isMaintenanceError, type MaintenanceError, messageOf } from "../../errors.ts";
import { errorFinding, type Finding, okFinding, warnFinding } from "../../finding.ts";
import { clockFinding, latencyFinding } from "../driver/findings.ts";
import type { StoreMigrations } from "../store.ts";
import type { SqlEngine } from "./engine.ts";
import { changeNoMembers } from "./members.ts";
import { isOptional } from "./migrator.ts";
import { inTransaction, run, type SqlScript } from "./script.ts";
import type { Tables } from "./tables.ts";

export interface Examining {
  readonly engine: SqlEngine;
  readonly db: Kysely<Tables>;
  /** Runs a script; rejects with the error for the user. */
  attempt<T>(begin: () => SqlScript<T>): Promise<T>;
  listSteps: StoreMigrations["list"];
}

/** Returns findings about the server and about the privileges of this user. */
export async function examine({ engine, db, attempt, listSteps }: Examining): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  try {
    const before = performance.now();
    findings.push(okFinding("server", String(await attempt(() => oneValue(engine.probe.version)))));
    findings.push(latencyFinding(Math.ceil(performance.now() - before), "the database"));
    const { clock } = engine.probe;
    if (clock !== null) findings.push(clockFinding(Number(await attempt(() => oneValue(clock)))));
    const steps = await listSteps();
    const pending = steps.filter(({ applied }) => !applied);
    const required = pending.filter((step) => !isOptional(step));
    const unknown = steps.filter((step) => step.unknown);
    findings.push(migrationsFinding(namesOf(pending), namesOf(required), namesOf(unknown)));
    if (required.length > 0) return findings;
  } catch (error) {
    return [...findings, failed("connection", error)];
  }
  const writeMembers = (): SqlScript<void> => inTransaction(engine.begin, changeNoMembers({ db, engine }));
  findings.push(
    await attempt(writeMembers).then(() => okFinding("list of processes", "may read and write"), withoutMembers),
  );
  const write = (): SqlScript<void> => inTransaction(engine.begin, changeNothing(db));
  findings.push(
    await attempt(write).then(
      () => okFinding("permissions", "may read and write"),
      (error: unknown) => failed("permissions", error),
    ),
  );
  return findings;
}

/** Runs every statement of a commit on no rows: missing privileges are refused all the same. */
function* changeNothing(db: Kysely<Tables>): SqlScript<void> {
  yield* run(db.selectFrom("state").select("version").where("id", "=", 1));
  yield* run(db.updateTable("state").set({ stamp: "" }).where(sql<boolean>`1 = 0`));
  for (const table of ["sites", "changes", "change_records"] as const) {
    yield* run(db.selectFrom(table).select("version").limit(sql.lit(1)));
    yield* run(db.deleteFrom(table).where(sql<boolean>`1 = 0`));
    yield* run(db.insertInto(table).expression(db.selectFrom(table).selectAll().where(sql<boolean>`1 = 0`)));
  }
}

function* oneValue(query: string): SqlScript<unknown> {
  const { rows } = yield { sql: query, parameters: [] };
  return Object.values(Object(rows[0]))[0];
}

function namesOf(steps: readonly { readonly name: string }[]): string {
  return steps.map(({ name }) => name).join(", ");
}

function migrationsFinding(pending: string, required: string, unknown: string): Finding {
  if (required !== "") return errorFinding("migrations", `missing: ${pending}`, "Run: npx maintenance-mode migrate");
  if (unknown === "") return okFinding("migrations", pending === "" ? "all applied" : `all but ${pending}`);
  const hint = "Update maintenance-mode here: a newer release has created these tables.";
  return warnFinding("migrations", `${unknown} was applied, and this release does not know it`, hint);
}

function withoutMembers(error: unknown): Finding {
  const message = `${messageOf(error)} No command can say which processes have applied a change.`;
  const migration = "Run: npx maintenance-mode migrate";
  const hint = isMaintenanceError(error, "ERR_NOT_MIGRATED") ? migration : isMaintenanceError(error) ? error.hint : "";
  return warnFinding("list of processes", message, hint || migration);
}

function failed(subject: string, error: unknown): Finding {
  return errorFinding(
    subject,
    messageOf(error),
    (error as Partial<MaintenanceError>).hint ?? "Check the log of the server.",
  );
}
