import assert from "node:assert/strict";
import type { MaintenanceOptions } from "../../config/options.ts";
import type { CloseCommand } from "../../control/command.ts";
import { type Controller, createController } from "../../control/controller.ts";
import { createGate, type Gate } from "../../gate.ts";
import { silentLogger } from "../../logger.ts";
import { memoryStore } from "../../stores/memory.ts";
import { createFakeClock, type FakeClock } from "../doubles/fake-clock.ts";
import { createApp, type WatchedApp } from "./app.ts";
import { send, type WireAnswer, type WireRequest } from "./client.ts";
import type { AdapterConformanceOptions } from "./conformance.ts";

/** The context of one case of the adapter conformance suite: an app of its own behind a gate of its own, over HTTP. */
export interface AdapterSession {
  readonly app: WatchedApp;
  readonly gate: Gate;
  readonly controller: Controller;
  readonly clock: FakeClock;
  readonly url: string;
  /** Aborted by hooks to make a client disconnect. */
  readonly leaving: AbortController;
  /** Closes sites; resolves once the gate has applied it. */
  close(settings?: Omit<CloseCommand, "type">): Promise<void>;
  open(sites?: readonly string[]): Promise<void>;
  /** Sends one request. A string is its path. */
  send(request?: string | WireRequest): Promise<WireAnswer>;
  /** Sends the requests and returns their statuses, in the same order. */
  statuses(requests: readonly (string | WireRequest)[]): Promise<readonly number[]>;
}

export interface AdapterCase {
  /** Options of the gate beside its store and clock; the hooks may use `session`. */
  readonly options?: (session: () => AdapterSession) => MaintenanceOptions;
  check(session: AdapterSession): Promise<void>;
}

export type AdapterCases = Readonly<Record<string, AdapterCase | AdapterCase["check"]>>;

const BY = { kind: "program", label: "conformance" } as const;

/** Starts the app with the options of the case, runs the case, and closes everything. */
export async function runAdapterCase({ start }: AdapterConformanceOptions, given: AdapterCases[string]): Promise<void> {
  const { check, options = undefined } = typeof given === "function" ? { check: given } : given;
  const clock = createFakeClock();
  const app = createApp();
  const base = { store: memoryStore(), clock, logger: silentLogger, ...options?.(() => session) };
  const gate = createGate(base);
  const controller = createController(base);
  const served = await start(gate, app);
  const session: AdapterSession = {
    app,
    gate,
    controller,
    clock,
    url: served.url,
    leaving: new AbortController(),
    async close(settings = {}) {
      await controller.execute({ type: "close", ...settings }, BY);
      await gate.refresh();
    },
    async open(sites = ["*"]) {
      await controller.execute({ type: "open", sites }, BY);
      await gate.refresh();
    },
    send: (request = {}) => send(served.url, typeof request === "string" ? { path: request } : request),
    async statuses(requests) {
      const found: number[] = [];
      for (const request of requests) found.push((await session.send(request)).status);
      return found;
    },
  };
  try {
    await check(session);
  } finally {
    app.release();
    await served.close();
    await gate.close();
  }
}

/** The gate has answered the request in full, without any part of the app's answer. */
export function assertBlocked(answer: WireAnswer, mode = "closed"): void {
  const { headers } = answer;
  assert.equal(answer.status, 503);
  assert.match(headers.get("maintenance") ?? "", new RegExp(`^${mode};site="[^"]+".*;version=\\d+$`));
  assert.equal(headers.get("cache-control"), "no-store");
  assert.equal(headers.get("vary"), "Accept, Accept-Language");
  assert.match(headers.get("content-language") ?? "", /^[a-z]{2}/);
  assert.match(headers.get("retry-after") ?? "", /^\d+$/);
  assert.match(headers.get("content-length") ?? "", /^\d+$/);
  assert.deepEqual(answer.cookies, []);
}

/** The app's own answer, unchanged. */
export function assertOpen(answer: WireAnswer): void {
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("cache-control"), "public, max-age=60");
  assert.equal(answer.headers.has("maintenance"), false);
  assert.deepEqual(answer.cookies, ["first=1; Path=/", "second=2; Path=/"]);
}

/** The app's own answer, marked. */
export function assertBypass(answer: WireAnswer, rule: string): void {
  assert.equal(answer.headers.get("maintenance"), `bypass;rule=${rule}`);
  assert.equal(answer.headers.get("cache-control"), "private, no-store");
}

/** Returns a header of a request, whichever kind the framework passes to hooks. */
export function headerOf(request: object, name: string): string | undefined {
  const { headers } = request as { readonly headers: Headers | Readonly<Record<string, string | undefined>> };
  return headers instanceof Headers ? (headers.get(name) ?? undefined) : headers[name];
}
