import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { apiReference } from "../../../scripts/api-reference.ts";

test("docs/admin-api.md equals the output of scripts/write-api-reference.ts", () => {
  const written = readFileSync(new URL("../../../docs/admin-api.md", import.meta.url), "utf8");
  expect(written).toBe(apiReference());
});
