// npm run chaos -- [--store sqlite]… [--rounds 300] [--seconds 60] [--seed N] [--replay SEED/ARENA/ROUND] [--fault NAME] [--publish]
//
// Processes with gates serve requests over a real store while a coordinator closes their site again and again and faults happen to all of
// them. Prints how the rounds have ended, and which promises of a barrier were broken. The exit code is 1 if any was.
//
// `--replay` plans the same faults at the same calls; what the processes do in between depends on the machine. `--publish` adds the result
// to results.json and writes the table in docs/fleet.md. `--without-fence` and `--without-row` start gates that break a promise, which has
// to be found.
import { parseArgs } from "node:util";
import keepTemplates from "../support/servers/server-templates.ts";
import { runChaos } from "./chaos.ts";
import { publish } from "./publish.ts";
import { byEverything, isBroken, type Line, lineOf, roundsOf, sumLines, tableOf } from "./results.ts";
import { ARENAS, SPEED, STORES } from "./stores.ts";

const { values } = parseArgs({
  options: {
    store: { type: "string", multiple: true, default: Object.keys(STORES) },
    rounds: { type: "string", default: "300" },
    seconds: { type: "string", default: "Infinity" },
    speed: { type: "string", default: String(SPEED) },
    arenas: { type: "string", default: String(ARENAS) },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    replay: { type: "string" },
    fault: { type: "string" },
    "without-fence": { type: "boolean", default: false },
    "without-row": { type: "boolean", default: false },
    publish: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});
const [seed = Number(values.seed), arena = 0, round = 1] = values.replay?.split("/").map(Number) ?? [];
const lines: Line[] = [];

const removeTemplates = await keepTemplates();

for (const store of values.store) {
  console.log(`\n${store}, seed ${seed}\n`);
  const began = performance.now();
  const own: Line[] = [];
  const took: number[] = [];
  await runChaos({
    ...{ store, seed, fault: values.fault ?? null },
    hasFence: !values["without-fence"],
    withoutRow: values["without-row"],
    rounds: Number(values.rounds),
    within: Number(values.seconds) * 1_000,
    speed: Number(values.speed),
    arenas: Number(values.arenas),
    only: values.replay === undefined ? null : { arena, round },
    onRound(it) {
      const line = lineOf(store, it);
      own.push(line);
      took.push(it.took);
      if (values.verbose || isBroken(line)) console.log(JSON.stringify(it));
    },
  });
  lines.push(...own);
  const seconds = (performance.now() - began) / 1_000;
  const pace = (seconds / own.length).toFixed(2);
  const each = (took.reduce((sum, one) => sum + one, 0) / took.length / 1_000).toFixed(2);
  console.log(`\n${roundsOf(own)} rounds in ${seconds.toFixed(0)} s, ${pace} s a round; each took ${each} s\n`);
  const summed = sumLines(own, byEverything);
  if (values.publish) {
    const date = new Date().toISOString().slice(0, 10);
    const run = { date, node: process.versions.node, store, seed, rounds: own.length, seconds: Math.round(seconds) };
    publish(run, summed);
  }
  for (const isPromised of [true, false]) {
    const some = summed.filter((line) => line.isPromised === isPromised);
    console.log(tableOf(some, isPromised ? "promised" : "not promised", ({ level, fault }) => `${fault} (${level})`));
  }
}
await removeTemplates?.();
// Connections that were cut may still be ending.
process.exit(lines.some(isBroken) ? 1 : 0);
