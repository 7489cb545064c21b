import type { Finding } from "../../finding.ts";
import type { LogStorage } from "../log/log.ts";
import type { StoreMigrations } from "../store.ts";
import { createBuilder } from "./builder.ts";
import type { SqlConnection, SqlEngine, SqlSettings } from "./engine.ts";
import { type Examining, examine } from "./examine.ts";
import { putMember, readMembers, removeMember } from "./members.ts";
import { isOptional, listSteps, migrate, printSteps } from "./migrator.ts";
import { readHistory, readPage, readState, readTail } from "./read.ts";
import { inTransaction } from "./script.ts";
import { append, replace } from "./write.ts";

type Written = ReturnType<typeof append>;
type Arguments<Name extends "append" | "replace"> = Parameters<LogStorage[Name]>;

/** The queries on one database. They need Kysely, which is imported when the database is first used. */
export interface SqlQueries {
  readState(sites: readonly string[] | null, most?: number): ReturnType<typeof readState>;
  readPage(after: string, most: number): ReturnType<typeof readPage>;
  readTail(version: number): ReturnType<typeof readTail>;
  readHistory(query: Parameters<LogStorage["readHistory"]>[0]): ReturnType<typeof readHistory>;
  append(draft: Arguments<"append">[0], mint: Arguments<"append">[1]): Written;
  replace(content: Arguments<"replace">[0], over: Arguments<"replace">[1], stampOf: Arguments<"replace">[2]): Written;
  putMember(id: string, text: string, seen: number, isRenewal: boolean): ReturnType<typeof putMember>;
  removeMember(id: string, seen: number): ReturnType<typeof removeMember>;
  readMembers(keys: readonly string[] | "all"): ReturnType<typeof readMembers>;
  examine(attempt: Examining["attempt"], list: StoreMigrations["list"]): Promise<readonly Finding[]>;
  listSteps(connection: SqlConnection): ReturnType<StoreMigrations["list"]>;
  /** Whether the state can be read and changed without this step. */
  isOptional(step: { readonly name: string }): boolean;
  migrate(connection: SqlConnection, to?: string): ReturnType<StoreMigrations["migrate"]>;
  print(to?: string): Promise<string>;
}

export function createQueries(engine: SqlEngine, settings: SqlSettings): SqlQueries {
  const { kind, begin, announce } = engine;
  const db = createBuilder(kind, settings);
  const writing = { db, kind, keepChanges: settings.keepChanges, announce };
  const table = { db, engine };
  return {
    readState: (sites, most) => readState(db, sites, most),
    readPage: (after, most) => readPage(db, after, most),
    readTail: (version) => readTail(db, version),
    readHistory: (query) => readHistory(db, query),
    append: (draft, mint) => inTransaction(begin, append(writing, draft, mint)),
    replace: (content, over, stampOf) => inTransaction(begin, replace(writing, content, over, stampOf)),
    putMember: (id, text, seen, isRenewal) => putMember(table, { id, text }, seen, isRenewal),
    removeMember: (id, seen) => removeMember(table, id, seen),
    readMembers: (keys) => readMembers(table, keys),
    examine: (attempt, list) => examine({ engine, db, attempt, listSteps: list }),
    isOptional,
    listSteps: (connection) => listSteps(engine, settings, connection),
    migrate: (connection, to) => migrate(engine, settings, connection, to),
    print: (to) => printSteps(engine, settings, to),
  };
}
