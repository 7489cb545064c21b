import type { Estimate } from "../measure/estimate.ts";
import { type Row, type Section, type Unit, verdictOf } from "./row.ts";

/** Returns the rows of a section as a Markdown table, which also reads well on a terminal. */
export function formatSection({ title, rows, notes }: Section): string {
  const lines = rows.map((row) => [row.what, ...measuredCells(row), targetCell(row), verdictOf(row)]);
  return formatTable(title, [["what", "this run", "A/A", "target", "met?"], ...lines], notes);
}

/** Returns the rows of the same section in two runs, side by side. */
export function formatTwoRuns(first: Section, second: Section): string {
  const lines = first.rows.map((row) => {
    const again = second.rows.find(({ what }) => what === row.what);
    const verdicts = new Set([verdictOf(row), ...(again === undefined ? [] : [verdictOf(again)])]);
    const both = [...measuredCells(row), ...(again === undefined ? ["", ""] : measuredCells(again))];
    return [row.what, ...both, targetCell(row), [...verdicts].join("; ")];
  });
  const header = ["what", "first run", "A/A", "second run", "A/A", "target", "met?"];
  return formatTable(first.title, [header, ...lines], [...new Set([...first.notes, ...second.notes])]);
}

function formatTable(
  title: string,
  lines: readonly [header: readonly string[], ...rows: readonly (readonly string[])[]],
  notes: readonly string[],
): string {
  const [header, ...rows] = lines;
  const widths = header.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  const table = rows.length === 0 ? [] : [line(header), rule, ...rows.map(line), ""];
  return [`### ${title}`, "", ...table, ...notes.flatMap((note) => [note, ""])].join("\n");
}

export function formatMeasured({ measured, unit }: Row): string {
  return formatEstimate(measured, unit);
}

function measuredCells(row: Row): readonly [measured: string, control: string] {
  const { control, unit } = row;
  return [formatMeasured(row), control === null ? "" : formatEstimate(control, unit)];
}

function targetCell({ target, unit }: Row): string {
  return target === null ? "" : `${target.direction === "at most" ? "≤" : "≥"} ${formatValue(target.limit, unit)}`;
}

function formatEstimate({ value, low, high }: Estimate, unit: Unit): string {
  const text = formatValue(value, unit);
  return low === high ? text : `${text} (${formatNumber(low, unit)} … ${formatNumber(high, unit)})`;
}

function formatValue(value: number, unit: Unit): string {
  if (unit === "of") return formatNumber(value, unit);
  return unit === "x" ? `${formatNumber(value, unit)} ×` : `${formatNumber(value, unit)} ${unit}`;
}

function formatNumber(value: number, unit: Unit): string {
  if (unit === "of" || unit === "B") return String(Math.round(value));
  if (unit === "x" && Math.abs(value) < 10) return trimmed(value.toFixed(3));
  const size = Math.abs(value);
  return trimmed(value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2));
}

/** `2.50` is `2.5`, and `-0.00` is `0`. */
function trimmed(text: string): string {
  return String(Number(text));
}
