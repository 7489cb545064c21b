import { afterEach, beforeEach, expect, test } from "vitest";
import { BY } from "../../support/gate-under-test.ts";
import { type AdminUnderTest, adminUnderTest } from "./admin-under-test.ts";
import { validatorOf } from "./description-check.ts";

let under: AdminUnderTest;
const left: AbortController[] = [];

beforeEach(() => {
  under = adminUnderTest();
});

afterEach(async () => {
  for (const one of left.splice(0)) one.abort();
  await under.close();
});

interface Stream {
  /** Resolves with the next chunk as received, or `null` at the end. */
  next(): Promise<string | null>;
  leave(): void;
}

async function listen(user = "root", headers: Record<string, string> = {}): Promise<Stream> {
  const abort = new AbortController();
  left.push(abort);
  const request = new Request("http://admin.example/maintenance/api/v1/events", {
    headers: { "x-user": user, ...headers },
    signal: abort.signal,
  });
  const response = await under.admin.fetch(request);
  if (response.body === null || response.status !== 200)
    throw new Error(`${response.status}: ${await response.text()}`);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const reader = response.body.getReader();
  return {
    async next() {
      const { done, value } = await reader.read();
      return done ? null : new TextDecoder().decode(value);
    },
    leave: () => abort.abort(),
  };
}

const valid = validatorOf({ $ref: "#/components/schemas/Event" });

/** Parses the event in a chunk and validates it against its description. */
function eventOf(piece: string | null): unknown {
  const data: unknown = JSON.parse(/^data: (.*)$/m.exec(piece ?? "")?.[1] ?? "null");
  expect(valid(data), piece ?? "the end").toBe(true);
  return data;
}

test("begins with the health, and then sends every change by any process", async () => {
  const stream = await listen();
  expect(eventOf(await stream.next())).toMatchObject({ type: "health", health: { version: 0 } });
  await under.controller.execute({ type: "close", sites: ["shop", "blog"] }, BY);
  await under.gate.refresh();
  const piece = await stream.next();
  expect(piece).toMatch(/^event: change\nid: 1\ndata: \{.*\}\n\n$/);
  expect(eventOf(piece)).toEqual({ type: "change", version: 1, sites: ["shop", "blog"] });
});

test("names only sites that the caller may view, and `*` to every caller", async () => {
  under.access.add("ann", ["view"], ["shop"]);
  const stream = await listen("ann");
  await stream.next();
  await under.controller.execute({ type: "close", sites: ["blog"] }, BY);
  await under.gate.refresh();
  await under.controller.execute({ type: "close", sites: ["*"] }, BY);
  await under.gate.refresh();
  expect(eventOf(await stream.next())).toEqual({ type: "change", version: 2, sites: ["*"] });
});

test("sends an event when a closure ends automatically, and when the store is unreachable", async () => {
  await under.ask("POST close", { sites: ["shop"], until: "2026-11-21T12:00:10Z" });
  const stream = await listen();
  await stream.next();
  await under.clock.advance(10_000);
  expect(eventOf(await stream.next())).toMatchObject({ type: "change", sites: ["shop"] });
  under.store.inject("fail", "load", "changesSince");
  await under.gate.refresh();
  expect(eventOf(await stream.next())).toMatchObject({ type: "health", health: { state: "stale" } });
});

test("makes a client that reconnects at another version reload everything", async () => {
  await under.ask("POST close", { sites: ["shop"] });
  const stream = await listen("root", { "last-event-id": "0" });
  const first = [await stream.next(), await stream.next()].map(eventOf);
  expect(first).toContainEqual({ type: "change", version: 1, sites: ["*"] });
});

test("ends at the next heartbeat after the access has ended", async () => {
  under.access.add("ann", ["view"]);
  const stream = await listen("ann");
  await stream.next();
  await under.clock.advance(20_000);
  expect(await stream.next()).toBe(": still here\n\n");
  under.access.remove("ann");
  await under.clock.advance(20_000);
  expect(await stream.next()).toBe(null);
});

test("ends when the reader disconnects or the admin is closed, and leaves no timer behind", async () => {
  await under.gate.ready();
  const before = under.clock.timers;
  const stream = await listen();
  const other = await listen();
  expect(under.clock.timers).toBe(before + 2);
  stream.leave();
  expect(under.clock.timers).toBe(before + 1);
  under.admin.close();
  await other.next();
  expect(await other.next()).toBe(null);
  expect(under.clock.timers).toBe(before);
  expect((await under.ask("GET events")).status).toBe(429);
});

test("are limited in number for each caller", async () => {
  under.access.add("ann", ["view"]);
  const streams = await Promise.all(Array.from({ length: 20 }, () => listen("ann")));
  expect((await under.ask("GET events", undefined, { "x-user": "ann" })).json).toMatchObject({
    status: 429,
    code: "ERR_TOO_MANY_REQUESTS",
  });
  await listen("root");
  streams[0]?.leave();
  await listen("ann");
});

test("disconnects a reader that does not read", async () => {
  const stream = await listen();
  for (let i = 0; i < 220; i++) {
    await under.controller.execute({ type: i % 2 === 0 ? "close" : "open", sites: ["shop"] }, BY);
    await under.gate.refresh();
  }
  let pieces = 0;
  while ((await stream.next()) !== null) pieces += 1;
  expect(pieces).toBeLessThan(220);
});
