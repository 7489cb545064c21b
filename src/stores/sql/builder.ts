import {
  type Dialect,
  type Driver,
  DummyDriver,
  type IdentifierNode,
  Kysely,
  type KyselyPlugin,
  type LogEvent,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  OperationNodeTransformer,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { SqlEngine, SqlSettings } from "./engine.ts";
import { PREFIXED, type Tables } from "./tables.ts";

/** Returns a query builder for an engine, with its table names. It has no driver and sends nothing. */
export function createBuilder(
  kind: SqlEngine["kind"],
  { tablePrefix, schema }: Pick<SqlSettings, "tablePrefix" | "schema">,
  driver: Driver = new DummyDriver(),
  log: (event: LogEvent) => void = () => {},
): Kysely<Tables> {
  const dialect: Dialect = { createDriver: () => driver, ...DIALECTS[kind] };
  const db = new Kysely<Tables>({ dialect, plugins: [new PrefixPlugin(tablePrefix)], log });
  return schema === null ? db : db.withSchema(schema);
}

/** SQLite can roll back the creation of a table too. Kysely assumes otherwise, since foreign keys obstruct some changes. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

const DIALECTS: Readonly<Record<SqlEngine["kind"], Omit<Dialect, "createDriver">>> = {
  sqlite: {
    createAdapter: () => new TransactionalSqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  },
  postgres: {
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  },
  mysql: {
    createAdapter: () => new MysqlAdapter(),
    createQueryCompiler: () => new MysqlQueryCompiler(),
    createIntrospector: (db) => new MysqlIntrospector(db),
  },
};

class PrefixTransformer extends OperationNodeTransformer {
  readonly #prefix: string;

  constructor(prefix: string) {
    super();
    this.#prefix = prefix;
  }

  protected override transformIdentifier(node: IdentifierNode): IdentifierNode {
    return PREFIXED.has(node.name) ? { ...node, name: `${this.#prefix}${node.name}` } : node;
  }
}

class PrefixPlugin implements KyselyPlugin {
  readonly #transformer: PrefixTransformer;

  constructor(prefix: string) {
    this.#transformer = new PrefixTransformer(prefix);
  }

  transformQuery({ node }: Parameters<KyselyPlugin["transformQuery"]>[0]): ReturnType<KyselyPlugin["transformQuery"]> {
    return this.#transformer.transformNode(node);
  }

  async transformResult({
    result,
  }: Parameters<KyselyPlugin["transformResult"]>[0]): ReturnType<KyselyPlugin["transformResult"]> {
    return result;
  }
}
