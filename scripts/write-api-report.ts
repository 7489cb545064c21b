// Writes test/package/public-api.md from the built package.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { apiReport } from "./api-report.ts";

writeFileSync(
  new URL("../test/package/public-api.md", import.meta.url),
  apiReport(fileURLToPath(new URL("..", import.meta.url))).text,
);
