// npm run chaos -- --store sqlite [--rounds 300] [--seconds 75] [--speed 30] [--seed N] [--level strict|presence|both] [--out FOLDER]
//
// Processes with gates serve requests over a real store while a coordinator closes their site again and again and faults happen to all of
// them. Prints which promises of a barrier each fault has broken. The exit code is 1 if any was broken.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "./random.ts";
import { type Round, runRounds } from "./rounds.ts";
import { STORES } from "./stores.ts";
import { Table } from "./table.ts";

const { values } = parseArgs({
  options: {
    store: { type: "string", multiple: true, default: Object.keys(STORES) },
    rounds: { type: "string", default: "300" },
    seconds: { type: "string", default: "75" },
    speed: { type: "string", default: "30" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    level: { type: "string", default: "both" },
    out: { type: "string" },
    "without-row": { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const within = Number(values.seconds) * 1_000;
/** Rounds that promise something are the larger part. */
const shares = { strict: 0.7, presence: 0.3 } as const;
const levels = values.level === "both" ? (["strict", "presence"] as const) : [values.level];
let isBroken = false;

for (const name of values.store) {
  const start = STORES[name];
  if (start === undefined) throw new TypeError(`There is no store '${name}': ${Object.keys(STORES).join(", ")}.`);
  const table = new Table();
  const folder = await mkdtemp(join(tmpdir(), "chaos-log-"));
  console.log(`\n## ${name}, seed ${values.seed}\n`);
  for (const level of levels) {
    if (level !== "strict" && level !== "presence") throw new TypeError(`There is no level '${level}'.`);
    const share = levels.length > 1 ? shares[level] : 1;
    // A store of its own: the processes of the other level have left rows.
    const store = await start();
    const onRound = (round: Round): void => {
      table.add(level, round);
      const { P1, P2, P3, free } = round.breaches;
      if (values.verbose || (round.isPromised && P1 + P2 + P3 > 0) || free > 0)
        console.log(JSON.stringify({ level, ...round }));
    };
    try {
      await runRounds({
        ...{ store, level, onRound, withoutRow: values["without-row"] },
        rounds: Math.ceil(rounds * share),
        within: within * share,
        speed: Number(values.speed),
        random: createRandom(Number(values.seed)),
        log: join(folder, `${level}.log`),
      });
    } finally {
      await store.stop();
    }
  }
  await rm(folder, { recursive: true });
  console.log(table.toMarkdown());
  if (values.out !== undefined) {
    await mkdir(values.out, { recursive: true });
    await writeFile(join(values.out, `${name}.json`), `${JSON.stringify(table.lines, null, 2)}\n`);
    await writeFile(join(values.out, `${name}.md`), table.toMarkdown());
  }
  isBroken ||= table.isBroken;
}
process.exitCode = isBroken ? 1 : 0;
