import { createRandom, shuffled } from "../measure/random.ts";
import type { Samples } from "../measure/rounds.ts";
import { type Answer, fetchAnswer, requireSameAnswer } from "./same-answer.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { CLOSED_VARIANTS, isClosed, OPEN_VARIANTS, type Variant } from "./variants.ts";
import { measureRate, warmUp } from "./wrk.ts";

export interface RateOptions {
  /** The number of times that all servers are restarted. */
  readonly rounds: number;
  /** The number of one-second slots of each server in a round, in random order. */
  readonly passes: number;
  /** Milliseconds of load on each server before the measurement. */
  readonly warmUp: number;
}

export interface Rates {
  /** Requests per second. */
  rate(variant: Variant): Samples;
  /** Requests per second of the server's CPU time, independent of waiting and of other processes. */
  ratePerCpu(variant: Variant): Samples;
  /** The answer of the closed variants. */
  readonly closedAnswer: Answer;
}

const VARIANTS: readonly Variant[] = [...OPEN_VARIANTS, ...CLOSED_VARIANTS];

export async function measureRates(options: RateOptions): Promise<Rates> {
  const random = createRandom(options.rounds);
  const rates = collect();
  const ratesPerCpu = collect();
  let closedAnswer: Answer | null = null;
  for (let round = 0; round < options.rounds; round++) {
    const servers: ServerProcess[] = [];
    try {
      for (const variant of shuffled(VARIANTS, random)) {
        servers.push(...(await Promise.all([startServer(variant, "first"), startServer(variant, "second")])));
      }
      closedAnswer ??= await checkClosedAnswers(servers);
      for (const { url } of shuffled(servers, random)) await warmUp(url, options.warmUp);
      for (let pass = 0; pass < options.passes; pass++) {
        for (const server of shuffled(servers, random)) {
          const before = await server.cpuTime();
          const { rate, requests } = await measureRate(server.url, 1);
          const used = (await server.cpuTime()) - before;
          rates.add(server, rate);
          ratesPerCpu.add(server, (requests / used) * 1e6);
        }
      }
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  }
  if (closedAnswer === null) throw new Error("There was no round.");
  return { closedAnswer, rate: rates.of, ratePerCpu: ratesPerCpu.of };
}

function collect() {
  const taken = new Map(VARIANTS.map((variant) => [variant, { first: [] as number[], second: [] as number[] }]));
  return {
    add: ({ variant, instance }: ServerProcess, value: number): void => void taken.get(variant)?.[instance].push(value),
    of(variant: Variant): Samples {
      const { first, second } = taken.get(variant) ?? { first: [], second: [] };
      return { first, second, both: [...first, ...second] };
    },
  };
}

async function checkClosedAnswers(servers: readonly ServerProcess[]): Promise<Answer> {
  const closed = servers.filter(({ variant }) => isClosed(variant));
  const answers = await Promise.all(
    closed.map(async ({ variant, url }) => ({ variant, answer: await fetchAnswer(url) })),
  );
  const bare = answers.find(({ variant }) => variant === "node, same bytes")?.answer;
  if (bare === undefined) throw new Error("There is no bare server to compare with.");
  for (const { variant, answer } of answers) requireSameAnswer(variant, answer, bare);
  return bare;
}
