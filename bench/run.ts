import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { basename, dirname } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { calibrate, describeSpeed } from "./measure/calibrate.ts";
import { formatSection } from "./report/format-section.ts";
import type { Run, Section } from "./report/row.ts";

// Each section runs in its own process, so that optimisations for one do not affect the next.
const SECTIONS: readonly string[] = readdirSync(new URL("sections/", import.meta.url))
  .map((file) => basename(file, ".ts"))
  .sort();

/** Sections with frameworks and middleware that nothing else in this repository needs. */
const SECTIONS_WITH_PACKAGES: readonly string[] = ["http-closed", "http-peers"];
const PACKAGES = fileURLToPath(new URL("node_modules", import.meta.url));

const USAGE = `npm run bench -- [--quick] [--store STORE] [--flips N] [--json FILE] [SECTION…]

Sections: ${SECTIONS.join(", ")}. All of them unless some are named.
--store: of pauses, flip and stores this one alone, and not each whose server is installed.
--flips: of flip this number per store, to look for lost ones.
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      store: { type: "string" },
      flips: { type: "string" },
      json: { type: "string" },
      help: { type: "boolean" },
    },
  });
  const unknown = positionals.filter((name) => !SECTIONS.includes(name));
  if (values.help || unknown.length > 0) {
    process.stdout.write(unknown.length > 0 ? `There is no section '${unknown.join("', '")}'.\n\n${USAGE}` : USAGE);
    process.exitCode = unknown.length > 0 ? 1 : 0;
    return;
  }
  const selected = positionals.length > 0 ? SECTIONS.filter((name) => positionals.includes(name)) : SECTIONS;
  if (selected.some((name) => SECTIONS_WITH_PACKAGES.includes(name)) && !existsSync(PACKAGES)) installPackages();
  const started = Date.now();
  const loadBefore = load();
  const sections: Section[] = [];
  process.stdout.write(
    `Node ${process.version}, ${availableParallelism()} cores${values.quick ? ", quick: rough figures" : ""}\n\n`,
  );
  for (const name of selected) {
    const section = await calibrated(() =>
      measureSection(name, [
        ...(values.quick ? ["--quick"] : []),
        ...(values.store === undefined ? [] : [`--store=${values.store}`]),
        ...(values.flips === undefined ? [] : [`--flips=${values.flips}`]),
      ]),
    );
    sections.push({ ...section, name });
    process.stdout.write(`${formatSection(section)}\n`);
  }
  const run: Run = {
    node: process.version,
    cores: availableParallelism(),
    seconds: Math.round((Date.now() - started) / 1000),
    load: [loadBefore, load()],
    sections,
  };
  process.stdout.write(`${run.seconds} s; load of the machine before: ${run.load[0]}, at the end: ${run.load[1]}\n`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(run, null, 2)}\n`);
}

/** Adds to a section with targets in seconds how fast the machine was. */
async function calibrated(measure: () => Promise<Section>): Promise<Section> {
  const before = calibrate();
  const section = await measure();
  const hasTimes = section.rows.some(({ unit, target }) => target !== null && /^[nµm]s$/.test(unit));
  return hasTimes ? { ...section, notes: [...section.notes, describeSpeed(before, calibrate())] } : section;
}

function installPackages(): void {
  const { status } = spawnSync("npm", ["ci", "--prefix", dirname(PACKAGES)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error("npm ci --prefix bench failed: see above.");
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
