import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { apiReport } from "../../scripts/api-report.ts";
import { ROOT } from "../architecture/source-tree.ts";

const { text, unexported } = apiReport(ROOT);

test("the public declarations equal public-api.md, which is reviewed with each change", () => {
  expect(text).toBe(readFileSync(new URL("public-api.md", import.meta.url), "utf8"));
});

test("every type that a public declaration names is exported by an entry, or comes with TypeScript or Node", () => {
  expect(unexported).toEqual([]);
  expect(text).not.toContain("import(");
});
