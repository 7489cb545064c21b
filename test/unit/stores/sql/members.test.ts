import { expect, test } from "vitest";
import { createBuilder } from "../../../../src/stores/sql/builder.ts";
import type { SqlEngine } from "../../../../src/stores/sql/engine.ts";
import { putMember } from "../../../../src/stores/sql/members.ts";
import { drive } from "../../../../src/stores/sql/script.ts";

function statementsOf(kind: SqlEngine["kind"], seen: number, isRenewal: boolean): readonly string[] {
  const db = createBuilder(kind, { tablePrefix: "app_", schema: null });
  const statements: string[] = [];
  const ask = ({ sql }: { readonly sql: string }) => {
    statements.push(sql);
    return { rows: [{ seq: seen }] };
  };
  void drive(
    putMember({ db, engine: { kind, name: "test", begin: "begin" } }, { id: "row-a", text: "{}" }, seen, isRenewal),
    ask,
    () => false,
  );
  return statements;
}

test("only renewals do not wait until PostgreSQL has flushed them", () => {
  const flushed = [statementsOf("postgres", 0, false), statementsOf("postgres", 1, false)];
  expect(flushed.flat().join()).not.toContain("synchronous_commit");
  expect(statementsOf("postgres", 1, true)).toEqual([expect.stringContaining("synchronous_commit")]);
});

test("a renewal is one statement, but for MySQL, which returns no rows of an update", () => {
  expect(statementsOf("sqlite", 1, true)).toHaveLength(1);
  expect(statementsOf("mysql", 1, true)).toEqual([
    "begin",
    "select `seq` from `app_members` where `id` = ? for update",
    expect.stringMatching(/^update `app_members`/),
    "commit",
  ]);
});
