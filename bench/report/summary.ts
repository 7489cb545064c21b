import { formatMeasured } from "./format-section.ts";
import type { Run } from "./row.ts";

interface Line {
  /** In the words of docs/performance.md. */
  readonly what: string;
  /** The name of the section, and the row in it. */
  readonly from: readonly [section: string, row: string];
  readonly against: string;
}

const BARE = "a bare server that sends the same bytes";
const LINES: readonly Line[] = [
  {
    what: "open, `guard` in front of `node:http`",
    from: ["http-open", "in front of node:http"],
    against: "the application alone",
  },
  {
    what: "open, `guard` in front of Express",
    from: ["http-open", "in front of Express"],
    against: "the application alone",
  },
  { what: "open, inside Express", from: ["http-open", "inside Express"], against: "the application alone" },
  { what: "closed, JSON", from: ["http-closed", "JSON, in front of node:http"], against: BARE },
  { what: "closed, the page", from: ["http-closed", "HTML, in front of node:http"], against: BARE },
  {
    what: "closed, the page, in a process's first second",
    from: ["http-first-second", "HTML, in front of node:http"],
    against: BARE,
  },
  {
    what: "closed, with 1,000 sites and paths, 100,000 address ranges, 100 links",
    from: ["http-rules", "JSON, all of these"],
    against: BARE,
  },
  {
    what: "closed, inside Express",
    from: ["http-inside", "HTML, inside Express"],
    against: "Express sending the same bytes",
  },
  {
    what: "for comparison: a flag file, `fs.existsSync`, open",
    from: ["http-peers", "open: fs.existsSync of a flag file"],
    against: "Express without it",
  },
  {
    what: "for comparison: express-rate-limit, open",
    from: ["http-peers", "open: express-rate-limit"],
    against: "Express without it",
  },
];

/** Returns the table of docs/performance.md: requests per second as ratios, in two runs. */
export function formatSummary(first: Run, second: Run): string {
  const lines = LINES.map(({ what, from: [section, name], against }) => {
    const cells = [first, second].map(({ sections }) => {
      const row = sections.find((one) => one.name === section)?.rows.find((one) => one.what === name);
      if (row === undefined) throw new Error(`A run has no row '${name}' in its section '${section}'.`);
      return formatMeasured(row);
    });
    return `| ${[what, ...cells, against].join(" | ")} |`;
  });
  return ["| requests per second | first run | second run | against |", "|---|---|---|---|", ...lines].join("\n");
}
