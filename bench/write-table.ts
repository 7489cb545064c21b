// Writes what two runs have measured into README.md and docs/performance.md: `node bench/write-table.ts FIRST.json SECOND.json`, with the
// files that `--json` has written.
import { readFileSync, writeFileSync } from "node:fs";
import { formatTwoRuns } from "./report/format-section.ts";
import type { Run, Section } from "./report/row.ts";
import { formatSummary } from "./report/summary.ts";

const [BEGIN, END] = ["<!-- measured -->", "<!-- end -->"] as const;

function main(files: readonly string[]): void {
  const [first, second] = files.map((file) => JSON.parse(readFileSync(file, "utf8")) as Run);
  if (first === undefined || second === undefined) throw new Error("Give the JSON files of two runs.");
  const tables = first.sections.map((section) => formatTwoRuns(section, sameSection(second, section)));
  write("README.md", [describeRuns(first, second), "", ...tables].join("\n").trimEnd());
  write("../docs/performance.md", formatSummary(first, second));
}

function write(page: string, measured: string): void {
  const url = new URL(page, import.meta.url);
  const text = readFileSync(url, "utf8");
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${page} has no '${BEGIN}' with '${END}' after it.`);
  writeFileSync(url, `${text.slice(0, from)}${BEGIN}\n\n${measured}\n\n${text.slice(to)}`);
}

function sameSection({ sections }: Run, { name }: Section): Section {
  return sections.find((section) => section.name === name) ?? { title: "", rows: [], notes: [] };
}

function describeRuns(...runs: readonly Run[]): string {
  const [one, other] = runs.map(
    ({ node, cores, seconds, load }) =>
      `Node ${node}, ${cores} cores, ${seconds} s, load average ${load[0]} before and ${load[1]} at the end`,
  );
  return `First run: ${one}. Second run: ${other}.`;
}

main(process.argv.slice(2));
