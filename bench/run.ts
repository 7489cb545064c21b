import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { formatSection } from "./report/format-section.ts";
import { type Section, verdictOf } from "./report/row.ts";

// Each section runs in its own process, so that optimisations for one do not affect the next.
const SECTIONS = [
  "open",
  "closed",
  "growth",
  "compile",
  "memory",
  "loading",
  "pauses",
  "flip",
  "stores",
  "http",
] as const;

const USAGE = `npm run bench -- [--quick] [--store STORE] [--json FILE] [SECTION…]

Sections: ${SECTIONS.join(", ")}. All of them unless some are named.
--store: of pauses, flip and stores this one alone, and not each whose server is installed.
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      store: { type: "string" },
      json: { type: "string" },
      help: { type: "boolean" },
    },
  });
  const unknown = positionals.filter((name) => !SECTIONS.some((known) => known === name));
  if (values.help || unknown.length > 0) {
    process.stdout.write(unknown.length > 0 ? `There is no section '${unknown.join("', '")}'.\n\n${USAGE}` : USAGE);
    process.exitCode = unknown.length > 0 ? 1 : 0;
    return;
  }
  const started = Date.now();
  const loadBefore = load();
  const sections: Section[] = [];
  process.stdout.write(
    `Node ${process.version}, ${availableParallelism()} cores${values.quick ? ", quick: rough figures" : ""}\n\n`,
  );
  for (const name of SECTIONS) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const section = await measureSection(name, [
      ...(values.quick ? ["--quick"] : []),
      ...(values.store === undefined ? [] : [`--store=${values.store}`]),
    ]);
    sections.push(section);
    process.stdout.write(`${formatSection(section)}\n`);
  }
  const seconds = Math.round((Date.now() - started) / 1000);
  process.stdout.write(`${seconds} s; load of the machine before: ${loadBefore}, at the end: ${load()}\n`);
  if (values.json === undefined) return;
  const withVerdicts = sections.map((section) => ({
    ...section,
    rows: section.rows.map((row) => ({ ...row, met: verdictOf(row) })),
  }));
  writeFileSync(values.json, `${JSON.stringify({ node: process.version, sections: withVerdicts }, null, 2)}\n`);
}

/** Returns the load average of the last minute. On an idle machine it is below 0.3 before the run, and about 2 at the end. */
function load(): string {
  return loadavg()[0]?.toFixed(1) ?? "unknown";
}

async function measureSection(name: string, options: readonly string[]): Promise<Section> {
  const program = fileURLToPath(new URL(`sections/${name}.ts`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, ["--expose-gc", program, ...options], {
    stdio: ["ignore", "pipe", "inherit"],
    // An override in the environment would take precedence over every measured state.
    env: { ...process.env, MAINTENANCE_MODE: undefined, NODE_ENV: "production" },
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const output = child.stdout === null ? "" : await text(child.stdout);
  const code = await ended;
  if (code !== 0) {
    process.exitCode = 1;
    return { title: name, rows: [], notes: [`This section failed with exit code ${code}: see above.`] };
  }
  return JSON.parse(output) as Section;
}

await main();
