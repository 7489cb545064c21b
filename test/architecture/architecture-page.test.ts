import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Area, BASE, IMPORT_TABLE } from "./import-table.ts";
import { ROOT } from "./source-tree.ts";

const page = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");

test("ARCHITECTURE.md shows the import table of import-table.ts", () => {
  const [, shown] = /<!-- import table -->\n([\s\S]*?)<!-- end -->/.exec(page) ?? [];
  const header = "| area | holds | may import | types only | packages |\n|---|---|---|---|---|\n";
  expect(shown).toBe(`\n${header}${IMPORT_TABLE.map(rowOf).join("")}\n`);
});

function rowOf({ name, holds, imports, types = [], packages = [] }: Area): string {
  const isBase = BASE.every((file) => imports.includes(file));
  const others = isBase ? ["base", ...imports.filter((target) => !BASE.includes(target))] : imports;
  return `| ${[`\`${name}\``, holds, others.join(", "), types.join(", "), packages.join(", ")].join(" | ")} |\n`;
}
