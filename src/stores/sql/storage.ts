import { withinDeadline } from "../../deadline.ts";
import { isMaintenanceError, MaintenanceError } from "../../errors.ts";
import { type Finding, okFinding } from "../../finding.ts";
import { loadDriver } from "../driver/load.ts";
import type { LogStorage, LogTail, MessageListener } from "../log/log.ts";
import type { MemberStorage } from "../members/storage.ts";
import type { HistoryQuery, LoadOptions, StateChange } from "../store.ts";
import type { SqlConnection, SqlDatabase, SqlEngine, SqlSettings } from "./engine.ts";
import type { SqlQueries } from "./queries.ts";
import { drive, type SqlScript } from "./script.ts";
import { collectPages, readInPages, type SqlState, type StateReads, toState } from "./whole-state.ts";

/** Maximum milliseconds between two attempts while another transaction holds a lock. */
const MAX_PAUSE_MS = 50;
/** Number of changes per read from an embedded database. */
const MAX_SLICE = 10;
/** Records of a page of an embedded database, which runs on this thread: a millisecond. */
const EMBEDDED_PAGE = 500;
/** Records of a page of a server. Its driver reads them in parts, but holds them until the last. */
const SERVER_PAGE = 2_000;
/** Milliseconds to open the database, including the creation of tables and the wait for other processes that do the same. */
const MAX_OPENING_MS = 120_000;

/** The tables that a call needs. */
type Needed = "state" | "members" | "none";

/** The storage in an SQL database: everything that the databases have in common. */
export function sqlStorage(engine: SqlEngine, settings: SqlSettings, random: () => number = Math.random): LogStorage {
  const { name } = engine;
  const isEmbedded = engine.kind === "sqlite";
  const { timeout, autoMigrate, schema, tablePrefix } = settings;
  const queries = once(async () => {
    const { createQueries } = await loadDriver(name, "kysely", () => import("./queries.ts"), {
      others: engine.driver ?? {},
    });
    return createQueries(engine, settings);
  });
  const opened = once(async () => {
    const database = await engine.open();
    const makeAll = (needed: Needed) => once(() => makeTables(database, needed));
    const state = makeAll("state");
    return { database, makeTables: { state, members: isEmbedded ? state : makeAll("members") } };
  });
  let isClosed = false;

  async function makeTables(database: SqlDatabase, needed: Needed): Promise<void> {
    const { listSteps, isOptional, migrate } = await queries();
    await withConnection(database, undefined, async (connection) => {
      // Check first: a user who may not create tables can continue if no step is missing that this call needs.
      const missing = (await listSteps(connection)).filter(({ applied }) => !applied);
      const isRequired = missing.some((step) => needed === "members" || !isOptional(step));
      // An embedded database has one connection: its migrations end before the first call.
      if (!isRequired && !(isEmbedded && missing.length > 0)) return;
      await migrate(connection).catch((error: unknown) => {
        if (isRequired) throw error;
      });
    });
  }

  /** Returns the open database, with the tables needed if they are created automatically. */
  async function current(needed: Needed = "state"): Promise<SqlDatabase> {
    if (isClosed) throw new MaintenanceError("ERR_ALREADY_CLOSED", `The store '${name}' is closed.`);
    const { database, makeTables } = await opened();
    if (database.isGone?.()) {
      const again = opened.begun();
      if (again !== null && (await again).database === database) opened.forget();
      await database.close();
      return current(needed);
    }
    if (autoMigrate && needed !== "none") await makeTables[needed]();
    return database;
  }

  /** Repeats `work` while another transaction blocks it, for at most the time limit of one query. */
  async function patiently<T>(
    work: (connection: SqlConnection) => T | Promise<T>,
    signal?: AbortSignal,
    needed?: Needed,
  ): Promise<T> {
    let deadline: number | null = null;
    for (let pause = 1; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
      try {
        const database = await withinDeadline({ name, milliseconds: MAX_OPENING_MS, signal }, () => current(needed));
        return await withConnection(database, signal, work);
      } catch (error) {
        // Measured from the first refusal: loading the driver may have taken longer.
        deadline ??= Date.now() + timeout;
        if (engine.faultOf(error) !== "busy" || Date.now() > deadline) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + random())));
    }
  }

  async function call<T>(
    signal: AbortSignal | undefined,
    begin: (queries: SqlQueries) => SqlScript<T>,
    needed?: Needed,
  ): Promise<T> {
    const loaded = await queries();
    return patiently((connection) => runScript(connection, begin(loaded), signal), signal, needed);
  }

  async function withConnection<T>(
    database: SqlDatabase,
    signal: AbortSignal | undefined,
    work: (connection: SqlConnection) => T | Promise<T>,
  ): Promise<T> {
    const connecting = database.connect();
    const connection = await withinDeadline({ name, milliseconds: timeout, signal }, () => connecting).catch(
      (error: unknown) => {
        connecting.then(
          (late) => late.release(false),
          () => {},
        );
        throw error;
      },
    );
    let lost = true;
    try {
      const result = await work(connection);
      lost = false;
      return result;
    } catch (error) {
      // Any other error came as a response: the connection is still usable.
      lost = engine.faultOf(error) === "other";
      throw error;
    } finally {
      connection.release(lost);
    }
  }

  function runScript<T>(connection: SqlConnection, script: SqlScript<T>, signal?: AbortSignal): T | Promise<T> {
    return drive(
      script,
      ({ sql, parameters }) => {
        const answer = connection.query(sql, parameters);
        return answer instanceof Promise
          ? withinDeadline({ name, milliseconds: timeout, signal }, () => answer)
          : answer;
      },
      (error) => isMaintenanceError(error) || signal?.aborted === true,
    );
  }

  /** Turns an error of the driver into the error for the user. */
  async function told<T>(work: () => Promise<T>, signal?: AbortSignal, needed: Needed = "state"): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isMaintenanceError(error) || (signal?.aborted && error === signal.reason)) throw error;
      if (engine.faultOf(error) !== "no-table") throw engine.explain(error);
      const table = `${schema === null ? "" : `${schema}.`}${tablePrefix}${needed === "members" ? "members" : "state"}`;
      const message = `${name}: the table '${table}'${needed === "members" ? "" : " or one of the related tables"} is missing.`;
      throw new MaintenanceError("ERR_NOT_MIGRATED", message, { cause: error });
    }
  }

  async function readState(
    sites: readonly string[] | null,
    signal?: AbortSignal,
    take?: LoadOptions["take"],
  ): Promise<SqlState> {
    const reads: StateReads = {
      first: (most) => read(signal, [], (all) => all.readState(sites, most)),
      page: (after, most) => read(signal, [], (all) => all.readPage(after, most)),
      tail: (version) => readTail(version, signal),
    };
    const size = engine.kind === "sqlite" ? EMBEDDED_PAGE : SERVER_PAGE;
    if (sites === null && take !== undefined) return readInPages(reads, take, size);
    return sites === null && engine.kind === "sqlite" ? collectPages(reads, size) : toState(await reads.first());
  }

  function readTail(version: number, signal?: AbortSignal): Promise<LogTail> {
    return read(signal, { stamp: null, entries: [] }, (all) => all.readTail(version));
  }

  function readHistoryPage(query: HistoryQuery, signal?: AbortSignal): Promise<readonly StateChange[]> {
    return read(signal, [], (all) => all.readHistory(query));
  }

  /** SQLite runs on this thread: other code gets a turn between two slices. */
  async function readInSlices(query: HistoryQuery, signal?: AbortSignal): Promise<readonly StateChange[]> {
    const found: StateChange[] = [];
    for (let { before } = query; found.length < query.limit; before = found.at(-1)?.version) {
      const limit = Math.min(MAX_SLICE, query.limit - found.length);
      const slice = await readHistoryPage({ ...query, before, limit }, signal);
      found.push(...slice);
      if (slice.length < limit) break;
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return found;
  }

  function read<T>(
    signal: AbortSignal | undefined,
    absent: T,
    begin: (queries: SqlQueries) => SqlScript<T>,
    needed?: Needed,
  ): Promise<T> {
    // A read does not create a database that was never written.
    return told(async () => (engine.isAbsent?.() ? absent : call(signal, begin, needed)), signal, needed);
  }

  function write<T>(
    signal: AbortSignal | undefined,
    begin: (queries: SqlQueries) => SqlScript<T | null>,
    needed?: Needed,
  ): Promise<T | null> {
    return told(
      async () => {
        try {
          return await call(signal, begin, needed);
        } catch (error) {
          // Another writer has created this row first.
          if (engine.faultOf(error) === "duplicate") return null;
          throw error;
        }
      },
      signal,
      needed,
    );
  }

  const onConnection = <T>(work: (connection: SqlConnection) => Promise<T>): Promise<T> =>
    told(() => patiently(work, undefined, "none"));

  async function listSteps(): ReturnType<SqlQueries["listSteps"]> {
    return onConnection(async (connection) => (await queries()).listSteps(connection));
  }

  async function examine(signal?: AbortSignal): Promise<readonly Finding[]> {
    const loaded = await told(queries);
    if (await told(async () => engine.isAbsent?.())) {
      return [okFinding("database", "not there yet: the first change creates it")];
    }
    return loaded.examine((begin) => told(() => call(signal, begin), signal), listSteps);
  }

  const members: MemberStorage = {
    put: async (key, text, seen, { isRenewal, signal }) =>
      (await write(signal, (all) => all.putMember(key, text, seen, isRenewal), "members")) ?? false,
    remove: async (key, seen, signal) =>
      (await write(signal, (all) => all.removeMember(key, seen), "members")) ?? false,
    read: (keys, signal) => read(signal, { entries: [], now: Date.now() }, (all) => all.readMembers(keys), "members"),
  };

  return {
    name,
    readState,
    readTail,
    readHistory: (query, signal) =>
      engine.kind === "sqlite" ? readInSlices(query, signal) : readHistoryPage(query, signal),
    append: (draft, mint, signal) => write(signal, (all) => all.append(draft, mint)),
    replace: (content, over, stampOf, signal) => write(signal, (all) => all.replace(content, over, stampOf)),
    migrations: {
      list: listSteps,
      migrate: (to) => onConnection(async (connection) => (await queries()).migrate(connection, to)),
      print: (to) => told(async () => (await queries()).print(to)),
    },
    members,
    examine,
    ...(engine.watch && {
      watch: (listener: MessageListener, signal: AbortSignal) =>
        told(async () => engine.watch?.(() => current(), listener, signal), signal).catch((error: unknown) => {
          if (!signal.aborted) throw error;
        }),
    }),
    async close() {
      isClosed = true;
      const found = await opened.begun()?.catch(() => null);
      await found?.database.close();
    },
  };
}

interface Once<T> {
  (): Promise<T>;
  /** The pending or fulfilled promise. */
  begun(): Promise<T> | null;
  /** Makes the next call start the work again. */
  forget(): void;
}

/** Starts `work` with the first call, and returns its result to every call. After a failure the next call starts it again. */
function once<T>(work: () => Promise<T>): Once<T> {
  let running: Promise<T> | null = null;
  const call = (): Promise<T> => {
    running ??= work().catch((error: unknown) => {
      running = null;
      throw error;
    });
    return running;
  };
  return Object.assign(call, {
    begun: () => running,
    forget: () => {
      running = null;
    },
  });
}
