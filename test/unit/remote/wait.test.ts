import { createServer, type RequestListener } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { createAdminClient } from "../../../src/admin/remote/admin-client.ts";
import { waitRemotely } from "../../../src/admin/remote/wait.ts";
import { systemClock } from "../../../src/clock.ts";
import type { WaitOptions } from "../../../src/control/barrier/wait-options.ts";
import type { WaitProgress } from "../../../src/control/barrier/wait-result.ts";
import type { ServedApp } from "../../../src/testing/adapters/conformance.ts";
import { createFakeClock } from "../../../src/testing/doubles/fake-clock.ts";
import { deferred } from "../../support/deferred.ts";
import { serve } from "../../support/serve.ts";

let served: ServedApp | null = null;
afterEach(() => served?.close());

const LINES = { "content-type": "application/x-ndjson" };
const progress: WaitProgress = { phase: "draining", processes: [], expected: null, reasons: [], elapsed: 1_000 };
const result = {
  ...{ exit: 0, closed: true, restored: false, interrupted: false, assumed: false, fence: "list:1", elapsed: 2_000 },
  ...{ reasons: [], processes: [], waysIn: [], exempted: 0, kept: [], remarks: [] },
};
const line = (event: string, members: object) => `${JSON.stringify({ event, ...members })}\n`;

async function waitOver(listener: RequestListener, options: WaitOptions = {}, clock = systemClock) {
  served = await serve(createServer(listener));
  const client = createAdminClient({ url: served.url, token: "mm_token", clock });
  return await waitRemotely(client, { type: "close", sites: ["shop"] }, options);
}

describe("a wait over an admin", () => {
  test("takes lines in any pieces, and ignores events and members that it does not know", async () => {
    const seen: WaitProgress[] = [];
    const text = [
      line("progress", { ...progress, mood: "good" }),
      line("weather", { sun: true }),
      line("result", { wait: result, change: null }),
    ].join("");
    const { exit, fence } = await waitOver(
      async (_request, response) => {
        response.writeHead(200, LINES);
        for (const piece of text.match(/.{1,40}/gs) ?? []) {
          response.write(piece);
          await new Promise((resolve) => setImmediate(resolve));
        }
        response.end();
      },
      { onProgress: (it) => seen.push(it) },
    );
    expect({ exit, fence, seen }).toEqual({ exit: 0, fence: "list:1", seen: [progress] });
  });

  test.each<[what: string, listener: RequestListener, message: RegExp]>([
    ["ends without a result", (_request, response) => response.writeHead(200, LINES).end(), /ended before the result/],
    [
      "ends in the middle of the result",
      (_request, response) => response.writeHead(200, LINES).end('{"event":"result","wait":{"exit":0'),
      /ended before the result/,
    ],
    [
      "is reset",
      (_request, response) => {
        response.writeHead(200, LINES).write(line("progress", progress), () => response.destroy());
      },
      /the connection broke/,
    ],
    [
      "has a result that cannot be read",
      (_request, response) => response.writeHead(200, LINES).end(line("result", { wait: {}, change: null })),
      /cannot be read/,
    ],
    [
      "is that of a proxy",
      (_request, response) => response.writeHead(504, { "content-type": "text/html" }).end("<h1>Timeout</h1>"),
      /answers 504 with text\/html: the answer comes from a proxy/,
    ],
  ])("an answer that %s is no success: 6, and nothing is claimed", async (_what, listener, message) => {
    expect(await waitOver(listener)).toMatchObject({
      ...{ exit: 6, closed: "unknown", interrupted: false, change: null },
      reasons: [{ kind: "connection", message: expect.stringMatching(message) }],
    });
  });

  test("a connection without a line for 30 seconds counts as broken", async () => {
    const clock = createFakeClock();
    const { promise: begun, resolve } = deferred<void>();
    const waiting = waitOver(
      (_request, response) => void response.writeHead(200, LINES).write(line("progress", progress)),
      { onProgress: () => resolve() },
      clock,
    );
    await begun;
    await clock.advance(31_000);
    const { exit, reasons } = await waiting;
    expect({ exit, reasons }).toMatchObject({
      exit: 6,
      reasons: [{ kind: "connection", message: expect.stringContaining("within 30 seconds") }],
    });
  });

  test("a refusal, and an error as the last line, are errors", async () => {
    const problem = { code: "ERR_HELD", detail: "Held by another barrier.", hint: "Wait." };
    const refusing: RequestListener = (_request, response) =>
      response.writeHead(409, { "content-type": "application/problem+json" }).end(JSON.stringify(problem));
    await expect(waitOver(refusing)).rejects.toMatchObject({ code: "ERR_HELD", message: "Held by another barrier." });
    await served?.close();
    const late: RequestListener = (_request, response) =>
      response.writeHead(200, LINES).end(line("error", { problem }));
    await expect(waitOver(late)).rejects.toMatchObject({ code: "ERR_HELD", hint: "Wait." });
  });

  test("a request that was never sent is an error", async () => {
    const closed = await serve(createServer());
    await closed.close();
    const client = createAdminClient({ url: closed.url, token: "mm_token", clock: systemClock });
    await expect(waitRemotely(client, { type: "close" }, {})).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
  });
});
