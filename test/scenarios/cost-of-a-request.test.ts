import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { countCalls } from "../support/count-calls.ts";
import { bareServer, exchanges, guardedServer } from "../support/silent-exchanges.ts";

const REQUESTS = 100;

/** The most that the guard of node:http may cost for a request of a browser. Lower a limit when the cost falls below it. */
const LIMITS = {
  /** Open, with `fleet: false`. */
  "open and uncounted": { calls: 1, bytes: 72 },
  open: { calls: 16, bytes: 376 },
  closed: { calls: 35, bytes: 504 },
} as const;

type Mode = keyof typeof LIMITS;

/** Without the optimizing compilers, which leave out allocations at a time of their choice; and without a collection in between. */
const SAME_EACH_TIME = [
  "--conditions=source",
  ...["--no-opt", "--no-maglev", "--no-sparkplug", "--single-threaded"],
  ...["--min-semi-space-size=64", "--max-semi-space-size=64"],
];

const bytes = JSON.parse(
  execFileSync(process.execPath, [...SAME_EACH_TIME, join(import.meta.dirname, "../fixtures/bytes-per-request.ts")], {
    encoding: "utf8",
  }),
) as Readonly<Record<"bare" | Mode, number>>;

describe.each(["open and uncounted", "open", "closed"] as const)("a request to a server whose site is %s", (mode) => {
  test("calls few functions", async () => {
    const server = await guardedServer(mode);
    const emit = (count: number): void => {
      for (const [request, response] of exchanges(count)) server.emit("request", request, response);
    };
    emit(1);
    const calls = await countCalls(async () => emit(REQUESTS));
    expect(calls.total / REQUESTS).toBeLessThanOrEqual(LIMITS[mode].calls);
  });

  test("allocates few bytes", () => {
    expect(bytes[mode] - bytes.bare).toBeLessThanOrEqual(LIMITS[mode].bytes);
  });
});

test("the same request without a gate calls none of its functions", async () => {
  const server = bareServer();
  const all = exchanges(REQUESTS);
  const calls = await countCalls(async () => {
    for (const [request, response] of all) server.emit("request", request, response);
  });
  expect(calls.total).toBe(0);
});
