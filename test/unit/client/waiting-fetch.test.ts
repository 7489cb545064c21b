import { describe, expect, test } from "vitest";
import type { MaintenanceInfo } from "../../../src/client/maintenance-info.ts";
import { type Fetch, type WaitingFetchOptions, waitingFetch } from "../../../src/client/waiting-fetch.ts";

const URL_OF_SITE = "https://shop.example/orders";

interface Attempt {
  readonly method: string;
  readonly body: string;
}

/**
 * Creates a `fetch` whose site is closed for the first `closed` requests, and records its attempts, waits, notices and answers. Waits take
 * no time.
 */
function fetchClosedFor(closed: number, headers: Record<string, string>, options: WaitingFetchOptions = {}) {
  const attempts: Attempt[] = [];
  const waits: number[] = [];
  const notices: MaintenanceInfo[] = [];
  const answers: Response[] = [];
  const fetch = waitingFetch({
    fetch: async (input, init) => {
      const request = new Request(input, init);
      attempts.push({ method: request.method, body: await request.text() });
      const isClosed = attempts.length <= closed;
      const answer = new Response(isClosed ? "closed" : "open", isClosed ? { status: 503, headers } : {});
      answers.push(answer);
      return answer;
    },
    random: () => 0.5,
    sleep: async (milliseconds) => void waits.push(milliseconds),
    onMaintenance: (info) => void notices.push(info),
    ...options,
  });
  return { fetch, attempts, waits, notices, answers };
}

const CLOSED = { maintenance: "closed;version=1", "retry-after": "20" };

describe("waitingFetch", () => {
  test("waits for Retry-After plus a random delay, and sends the request again", async () => {
    const { fetch, waits, attempts, notices, answers } = fetchClosedFor(2, CLOSED);
    const response = await fetch(URL_OF_SITE);
    expect([response.status, await response.text()]).toEqual([200, "open"]);
    expect(waits).toEqual([21_500, 21_500]);
    expect(attempts).toHaveLength(3);
    expect(notices.map(({ mode, retryAfter }) => [mode, retryAfter])).toEqual([
      ["closed", 20],
      ["closed", 20],
    ]);
    expect(answers.map(({ bodyUsed }) => bodyUsed)).toEqual([true, true, true]);
  });

  test.each([
    [0, 0.5, 500],
    [20, 0, 20_000],
    [100, 0.5, 105_500],
  ])("waits for Retry-After %i with random %d for %i ms: up to a second and a tenth more", async (...row) => {
    const [seconds, chance, expected] = row;
    const headers = { ...CLOSED, "retry-after": String(seconds) };
    const { fetch, waits } = fetchClosedFor(1, headers, { random: () => chance });
    await fetch(URL_OF_SITE);
    expect(waits).toEqual([expected]);
  });

  test.each([
    ["Retry-After goes beyond maxWait", { ...CLOSED, "retry-after": "3600" }, {}],
    ["there is no Retry-After", { maintenance: "closed" }, { maxWait: Number.POSITIVE_INFINITY }],
    ["Retry-After cannot be read", { ...CLOSED, "retry-after": "soon" }, {}],
    ["only one attempt is allowed", CLOSED, { maxAttempts: 1 }],
    ["no wait is allowed", CLOSED, { maxWait: 0 }],
  ])("returns the 503 at once if %s, and reports it", async (_case, headers, options) => {
    const { fetch, waits, attempts, notices } = fetchClosedFor(9, headers, options);
    const response = await fetch(URL_OF_SITE);
    expect([response.status, await response.text()]).toEqual([503, "closed"]);
    expect([waits, attempts.length, notices.length]).toEqual([[], 1, 1]);
  });

  test("waits at most maxWait in total, and returns the last 503 with its body", async () => {
    const { fetch, waits } = fetchClosedFor(9, CLOSED, { maxWait: 50_000 });
    const response = await fetch(URL_OF_SITE);
    expect([response.status, await response.text()]).toEqual([503, "closed"]);
    expect(waits).toEqual([21_500, 21_500]);
  });

  test("waits for a Retry-After that just fits, and no longer", async () => {
    const { fetch, waits } = fetchClosedFor(1, CLOSED, { maxWait: 20_000 });
    expect((await fetch(URL_OF_SITE)).status).toBe(200);
    expect(waits).toEqual([20_000]);
  });

  test("sends at most maxAttempts requests", async () => {
    const { fetch, attempts } = fetchClosedFor(99, { ...CLOSED, "retry-after": "0" }, { maxAttempts: 3 });
    expect((await fetch(URL_OF_SITE)).status).toBe(503);
    expect(attempts).toHaveLength(3);
  });

  test.each(["GET", "get", "HEAD", "OPTIONS", "QUERY", "PROPFIND", "REPORT", "SEARCH"])(
    "repeats %s, as init and as a Request",
    async (method) => {
      const init = fetchClosedFor(1, CLOSED);
      expect((await init.fetch(URL_OF_SITE, { method })).status).toBe(200);
      const request = fetchClosedFor(1, CLOSED);
      expect((await request.fetch(new Request(URL_OF_SITE, { method }))).status).toBe(200);
    },
  );

  test.each(["POST", "PUT", "PATCH", "DELETE", "post", "get-and-delete"])("does not repeat %s", async (method) => {
    for (const input of [URL_OF_SITE, new URL(URL_OF_SITE), new Request(URL_OF_SITE)]) {
      const { fetch, attempts, notices } = fetchClosedFor(1, CLOSED);
      expect((await fetch(input, { method })).status).toBe(503);
      expect([attempts.length, notices.length]).toEqual([1, 1]);
    }
    const { fetch, attempts } = fetchClosedFor(1, CLOSED);
    expect((await fetch(new Request(URL_OF_SITE, { method }))).status).toBe(503);
    expect(attempts).toHaveLength(1);
  });

  test("repeats other requests with their whole body if the caller allows it", async () => {
    const options = { retry: ({ headers }: Request) => headers.has("idempotency-key") };
    const init = { method: "POST", body: "one", headers: { "idempotency-key": "1" } };
    const order = [
      { method: "POST", body: "one" },
      { method: "POST", body: "one" },
    ];
    const asInit = fetchClosedFor(1, CLOSED, options);
    expect((await asInit.fetch(URL_OF_SITE, init)).status).toBe(200);
    expect(asInit.attempts).toEqual(order);
    const asRequest = fetchClosedFor(1, CLOSED, options);
    expect((await asRequest.fetch(new Request(URL_OF_SITE, init))).status).toBe(200);
    expect(asRequest.attempts).toEqual(order);
    const without = fetchClosedFor(1, CLOSED, options);
    expect((await without.fetch(URL_OF_SITE, { method: "POST", body: "one" })).status).toBe(503);
  });

  test("does not repeat a body that can be read only once, even if the caller allows it", async () => {
    const body = new Blob(["once"]).stream();
    const { fetch, attempts } = fetchClosedFor(1, CLOSED, { retry: () => true });
    expect((await fetch(URL_OF_SITE, { method: "PUT", body, duplex: "half" })).status).toBe(503);
    expect(attempts).toEqual([{ method: "PUT", body: "once" }]);
  });

  test("refuses a Request whose body was already read, as fetch does", async () => {
    const request = new Request(URL_OF_SITE, { method: "PUT", body: "once" });
    await request.text();
    const { fetch, attempts } = fetchClosedFor(1, CLOSED, { retry: () => true });
    await expect(fetch(request)).rejects.toThrow(TypeError);
    expect(attempts).toEqual([]);
  });

  test("returns other answers unchanged", async () => {
    const { fetch, attempts, notices } = fetchClosedFor(1, { "retry-after": "1" });
    expect((await fetch(URL_OF_SITE)).status).toBe(503);
    expect([attempts.length, notices.length]).toEqual([1, 0]);
  });

  test("passes its arguments to fetch unchanged", async () => {
    const given: unknown[] = [];
    const fetch = waitingFetch({
      fetch: async (...values) => {
        given.push(...values);
        return new Response();
      },
    });
    const init = { method: "POST", body: "one" };
    await fetch(URL_OF_SITE, init);
    expect(given[0]).toBe(URL_OF_SITE);
    expect(given[1]).toBe(init);
  });

  test.each<[string, (signal: AbortSignal) => Parameters<Fetch>]>([
    ["init", (signal) => [URL_OF_SITE, { signal }]],
    ["a Request", (signal) => [new Request(URL_OF_SITE, { signal })]],
  ])("ends the wait with the reason of the signal of %s", async (_case, given) => {
    const controller = new AbortController();
    const reason = new Error("The reader has left.");
    let attempts = 0;
    const fetch = waitingFetch({
      onMaintenance: () => controller.abort(reason),
      fetch: async () => {
        attempts += 1;
        return new Response("closed", { status: 503, headers: CLOSED });
      },
    });
    await expect(fetch(...given(controller.signal))).rejects.toBe(reason);
    expect(attempts).toBe(1);
  });

  test("the signal of init takes precedence over that of the Request", async () => {
    const signals: unknown[] = [];
    const { fetch } = fetchClosedFor(1, CLOSED, { sleep: async (_wait, signal) => void signals.push(signal) });
    const { signal } = new AbortController();
    await fetch(new Request(URL_OF_SITE, { signal: new AbortController().signal }), { signal });
    expect(signals).toEqual([signal]);
  });
});
