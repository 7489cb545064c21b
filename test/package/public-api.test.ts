import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { apiReport } from "../../scripts/api-report.ts";
import { ROOT } from "../architecture/source-tree.ts";

test("the public declarations equal public-api.md, which is reviewed with each change", () => {
  expect(apiReport(ROOT)).toBe(readFileSync(new URL("public-api.md", import.meta.url), "utf8"));
});
