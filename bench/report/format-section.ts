import type { Estimate } from "../measure/estimate.ts";
import { type Row, type Section, type Unit, verdictOf } from "./row.ts";

/** A Markdown table that also reads well on a terminal. */
export function formatSection({ title, rows, notes }: Section): string {
  const lines = [HEADER, ...rows.map(cellsOf)];
  const widths = HEADER.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  const [header = [], ...body] = lines;
  const table = rows.length === 0 ? [] : [line(header), rule, ...body.map(line), ""];
  return [`### ${title}`, "", ...table, ...notes.flatMap((note) => [note, ""])].join("\n");
}

const HEADER: readonly string[] = ["what", "this run", "A/A", "target", "met?"];

function cellsOf(row: Row): readonly string[] {
  const { what, unit, measured, control, target } = row;
  return [
    what,
    formatEstimate(measured, unit),
    control === null ? "" : formatEstimate(control, unit),
    target === null ? "" : `${target.direction === "at most" ? "≤" : "≥"} ${formatValue(target.limit, unit)}`,
    verdictOf(row),
  ];
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
