import { blocksIn } from "../package/docs-pages.ts";

/** Returns the GRANT statements of docs/stores-sql.md for `user` and, on MySQL, for `database`. */
export function documentedGrants(kind: "postgres" | "mysql", user: string, database: string): readonly string[] {
  const [block] = blocksIn("sql").filter(
    ({ title, place }) => title === kind && place.startsWith("docs/stores-sql.md"),
  );
  if (block === undefined) throw new Error(`docs/stores-sql.md has no GRANT for ${kind}.`);
  const mine = block.code.replaceAll("'app'@'%'", `'${user}'@'%'`).replaceAll("TO app;", `TO ${user};`);
  return mine
    .replaceAll("shop.", `${database}.`)
    .split(";\n")
    .filter((statement) => statement.trim() !== "");
}
