// Prints "PASSED FAILED" from the JSON report of vitest that is named on the command line. A skipped test counts as failed,
// and so does a file that could not be loaded, a missing report, and a run without any test.
import { readFileSync } from "node:fs";

function count(path) {
  const passed = { total: 0 };
  const failed = { total: 0 };
  for (const { status, assertionResults } of JSON.parse(readFileSync(path, "utf8")).testResults) {
    for (const result of assertionResults) (result.status === "passed" ? passed : failed).total += 1;
    if (status !== "passed" && !assertionResults.some((result) => result.status === "failed")) failed.total += 1;
  }
  return passed.total + failed.total === 0 ? [0, 1] : [passed.total, failed.total];
}

try {
  process.stdout.write(`${count(process.argv[2]).join(" ")}\n`);
} catch (error) {
  process.stderr.write(`No report of the tests: ${error.message}\n`);
  process.stdout.write("0 1\n");
}
