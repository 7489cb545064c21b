import { estimateRounds } from "../measure/estimate.ts";
import type { Row, Target } from "../report/row.ts";
import { type Answer, fetchAnswer, isSame, requireSameAnswer } from "./answer.ts";
import { type Endpoint, type MeasureOptions, measureInSlots, type Rates } from "./interleave.ts";
import { startServer } from "./server-process.ts";
import type { ServerSpec, Written } from "./server-spec.ts";

/** How far the A/A of a row may be from 1: a target of 0.99 could not be judged with more. */
const MAX_NOISE = 0.01;

/** One row: a server, and the requests that it gets. */
export interface Case {
  readonly what: string;
  readonly server: ServerSpec;
  readonly requests: readonly Buffer[];
  readonly target: Target | null;
}

/** Returns the server to compare with: it has a port for each of the different answers of all cases. */
export type Floor = (answers: readonly Written[]) => ServerSpec;

/** Every case against two processes of its floor, slot by slot. The A/A of a row is one of these against the other. */
export async function compareCases(
  cases: readonly Case[],
  floor: Floor,
  options: MeasureOptions,
  measure = measureInSlots,
): Promise<readonly Row[]> {
  const found = await Promise.all(cases.map(({ server, requests }) => answersOf(server, requests)));
  const kindsOf = found.map((each) => found.findIndex((other) => areSame(each, other)));
  const different = [...new Set(kindsOf)];
  const answers = different.map((index) => writtenFor(cases[index]?.requests ?? [], found[index] ?? []));
  const expected = cases.map((test, index) => ({ test, port: different.indexOf(kindsOf[index] ?? 0) }));
  const same = floor(answers);
  await withServer(same, async (ports) => {
    for (const { test, port } of expected) {
      requireSameAnswer(
        test.what,
        found[different[port] ?? 0]?.[0],
        await fetchAnswer(ports[port] ?? 0, test.requests[0]),
      );
    }
  });
  const servers: Record<string, ServerSpec> = { first: same, second: same };
  const endpoints = new Map<string, Endpoint>();
  const kinds = [...new Set(cases.map(({ requests }) => requests))];
  const add = (server: string, port: number, { requests }: Case): string => {
    const name = JSON.stringify([server, port, kinds.indexOf(requests)]);
    endpoints.set(name, { name, server, port, requests });
    return name;
  };
  const measured = expected.map(({ test, port }) => {
    const key = JSON.stringify(test.server);
    servers[key] = test.server;
    return { test, names: [add(key, 0, test), add("first", port, test), add("second", port, test)] as const };
  });
  const rates = await measure(servers, [...endpoints.values()], options);
  return measured.map(({ test, names: [subject, first, second] }) =>
    rowOf(test, rates(subject), [rates(first), rates(second)]),
  );
}

/** Returns the answer of a server to the first of `requests`. */
export async function answerOf(spec: ServerSpec, [request]: readonly Buffer[]): Promise<Answer> {
  return await withServer(spec, ([port = 0]) => fetchAnswer(port, request));
}

/** Returns the answers of a server to each of `requests`. */
async function answersOf(spec: ServerSpec, requests: readonly Buffer[]): Promise<readonly Answer[]> {
  return await withServer(spec, async ([port = 0]) => {
    const answers: Answer[] = [];
    for (const request of requests) answers.push(await fetchAnswer(port, request));
    return answers;
  });
}

function areSame(some: readonly Answer[], others: readonly Answer[]): boolean {
  return some.length === others.length && some.every((answer, index) => isSame(answer, others[index]));
}

function writtenFor(requests: readonly Buffer[], answers: readonly Answer[]): Written {
  const [only] = answers;
  if (only !== undefined && answers.length === 1) return only;
  const hostOf = (request: Buffer | undefined): string => /^Host: (.*)\r$/m.exec(`${request}`)?.[1] ?? "";
  return { byHost: Object.fromEntries(answers.map((answer, index) => [hostOf(requests[index]), answer])) };
}

async function withServer<T>(spec: ServerSpec, use: (ports: readonly number[]) => Promise<T>): Promise<T> {
  const server = await startServer(spec);
  try {
    return await use(server.ports);
  } finally {
    await server.stop();
  }
}

function rowOf({ what, target }: Case, subject: Rates, [first, second]: readonly [Rates, Rates]): Row {
  const floor = combine(first, second, (one, other) => (one + other) / 2);
  return {
    what,
    unit: "x",
    measured: estimateRounds(combine(subject, floor, (rate, than) => rate / than)),
    control: estimateRounds(combine(second, first, (rate, than) => rate / than)),
    target,
    maxNoise: MAX_NOISE,
  };
}

function combine(rates: Rates, others: Rates, use: (rate: number, other: number) => number): Rates {
  return rates.map((slots, round) => slots.map((rate, slot) => use(rate, others[round]?.[slot] ?? Number.NaN)));
}
