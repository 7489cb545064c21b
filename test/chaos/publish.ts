import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { FAULTS } from "./faults.ts";
import { addRun, type Line, type Results, type Run, roundsOf, sumLines, tableOf } from "./results.ts";

const RESULTS = new URL("results.json", import.meta.url);
const PAGE = new URL("../../docs/fleet.md", import.meta.url);
const [BEGIN, END] = ["<!-- chaos -->", "<!-- end -->"] as const;

/** Adds a run to the results that the docs show. */
export function publish(run: Run, lines: readonly Line[]): void {
  const results = addRun(readResults(), run, lines);
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(PAGE, withResults(readFileSync(PAGE, "utf8"), results));
}

export function readResults(): Results {
  return existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, "utf8")) as Results) : { runs: [], lines: [] };
}

/** Returns the text of the page with the results between its marks. */
export function withResults(text: string, results: Results): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/fleet.md has no '${BEGIN}' with '${END}' after it.`);
  return `${text.slice(0, from)}${BEGIN}\n\n${describe(results)}\n${text.slice(to)}`;
}

function describe({ runs, lines }: Results): string {
  const dates = [...new Set(runs.map(({ date }) => date))].sort();
  const promised = lines.filter(({ isPromised }) => isPromised);
  const others = lines.filter(({ isPromised }) => !isPromised);
  return [
    `${roundsOf(lines)} rounds, ${dates.join(" to ")}, Node ${[...new Set(runs.map(({ node }) => node))].join(", ")}. In ${roundsOf(promised)} of them every gate is strict, or the number of processes was given:`,
    tableOf(inOrder(sumLines(promised, ({ fault }) => fault)), "fault", ({ fault }) => fault),
    `In ${roundsOf(others)} rounds nothing is promised: the gates have \`fleet: "presence"\`, and the number of processes was not given or a process was started again. What was let in is counted all the same:`,
    tableOf(inOrder(sumLines(others, ({ fault }) => fault)), "fault", ({ fault }) => fault),
    "The rounds of the first table by store:",
    tableOf(
      sumLines(promised, ({ store }) => store).toSorted((one, other) => one.store.localeCompare(other.store)),
      "store",
      ({ store }) => store,
    ),
  ]
    .join("\n\n")
    .replaceAll("|\n\n\n", "|\n\n");
}

function inOrder(lines: readonly Line[]): readonly Line[] {
  const place = ({ fault }: Line): number => {
    const found = FAULTS.findIndex(({ name }) => name === fault);
    return found < 0 ? FAULTS.length : found;
  };
  return lines.toSorted((one, other) => place(one) - place(other));
}
