import { expect, test } from "vitest";
import { mysqlStore } from "../../../../src/stores/mysql.ts";
import { postgresStore } from "../../../../src/stores/postgres.ts";
import { sqliteStore } from "../../../../src/stores/sqlite.ts";
import { DOCS_PAGES } from "../../../package/docs-pages.ts";

const prose = DOCS_PAGES.find(({ path }) => path === "docs/stores-sql.md")?.prose ?? "";
/** Returns the cells of the first table below `heading`, without its header. */
const tableBelow = (heading: string): readonly (readonly string[])[] => {
  const [, section = ""] = prose.split(`## ${heading}\n`);
  const [table = ""] = /(^\|.*\|\n)+/m.exec(section) ?? [];
  const rows = table.trim().split("\n").slice(2);
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
};

test("docs/stores-sql.md lists the capabilities of the stores", () => {
  const stores = [
    sqliteStore(),
    postgresStore({ url: "postgres://127.0.0.1/app" }),
    mysqlStore({ url: "mysql://127.0.0.1/app" }),
  ];
  const keys = ["compareAndSet", "readAfterWrite", "push", "shared", "separateRecords"] as const;
  const promised = keys.map((key) => [key, ...stores.map(({ capabilities }) => JSON.stringify(capabilities[key]))]);
  expect(tableBelow("What they promise")).toEqual(promised);
});

test.each([
  ["SQLite", (options: object) => sqliteStore(options)],
  ["PostgreSQL", (options: object) => postgresStore(options)],
  ["MySQL and MariaDB", (options: object) => mysqlStore(options)],
])("docs/stores-sql.md lists every option of %s, and no other", (heading, open) => {
  const told = [...tableBelow(heading), ...tableBelow("All of them")].map(([option = ""]) => option);
  expect(told.toSorted()).toEqual(optionsOf(open).toSorted());
});

/** Returns the options that a store accepts, from the error for an unknown one. */
function optionsOf(open: (options: object) => unknown): readonly string[] {
  try {
    open({ aVeryStrangeOptionThatIsNotThere: 1 });
  } catch (error) {
    const [, options = ""] = /^It may have: (.+)\.$/.exec(String(Object(error).hint)) ?? [];
    return options.split(", ");
  }
  throw new Error("It was not refused.");
}
