import { type Kysely, sql } from "kysely";
import { type MaintenanceError, messageOf } from "../../errors.ts";
import { broken, type Finding, fine, warning } from "../../finding.ts";
import type { StoreMigrations } from "../store.ts";
import type { SqlEngine } from "./engine.ts";
import { inTransaction, run, type SqlScript } from "./script.ts";
import type { Tables } from "./tables.ts";

/** Milliseconds. */
const SLOW = 100;
const LARGEST_SKEW = 5_000;

export interface Examining {
  readonly engine: SqlEngine;
  readonly db: Kysely<Tables>;
  /** Runs a script; rejects with what a user is told. */
  attempt<T>(begin: () => SqlScript<T>): Promise<T>;
  listSteps: StoreMigrations["list"];
}

/** What the server tells of itself, and whether this user may do what a store does. */
export async function examine({ engine, db, attempt, listSteps }: Examining): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  try {
    const before = performance.now();
    findings.push(fine("server", String(await attempt(() => oneValue(engine.probe.version)))));
    const latency = Math.ceil(performance.now() - before);
    findings.push(latencyFinding(latency));
    if (engine.probe.clock !== null) {
      const clock = engine.probe.clock;
      const skew = Math.abs(Number(await attempt(() => oneValue(clock))) - Date.now());
      findings.push(clockFinding(skew, latency));
    }
    const pending = (await listSteps()).filter(({ applied }) => !applied);
    findings.push(migrationsFinding(pending.map(({ name }) => name)));
    if (pending.length > 0) return findings;
  } catch (error) {
    return [...findings, failed("connection", error)];
  }
  const write = (): SqlScript<void> => inTransaction(engine.begin, changeNothing(db));
  findings.push(
    await attempt(write).then(
      () => fine("permissions", "may read and write"),
      (error: unknown) => failed("permissions", error),
    ),
  );
  return findings;
}

/** Everything that a commit does, to no row at all: what is not allowed is refused all the same. */
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

function latencyFinding(latency: number): Finding {
  if (latency <= SLOW) return fine("latency", `${latency} ms`);
  const hint = "Put the database nearer to the application, or see what keeps it busy.";
  return warning("latency", `it took ${latency} ms to answer`, hint);
}

function clockFinding(skew: number, latency: number): Finding {
  if (skew <= LARGEST_SKEW + latency) return fine("clock of the server", "as here");
  return warning("clock of the server", `${Math.round(skew / 1_000)} s off`, "Set the clocks of your servers by NTP.");
}

function migrationsFinding(pending: readonly string[]): Finding {
  if (pending.length === 0) return fine("migrations", "all applied");
  return broken("migrations", `missing: ${pending.join(", ")}`, "Run: maintenance-mode migrate");
}

function failed(subject: string, error: unknown): Finding {
  return broken(
    subject,
    messageOf(error),
    (error as Partial<MaintenanceError>).hint ?? "See what the server's log says.",
  );
}
