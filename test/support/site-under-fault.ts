import { randomBytes } from "node:crypto";
import { Agent, createServer, get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { guard } from "../../src/adapters/node.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import { createController } from "../../src/control/controller.ts";
import { isMaintenanceError, type MaintenanceError } from "../../src/errors.ts";
import { createGate, type Gate } from "../../src/gate.ts";
import { silentLogger } from "../../src/logger.ts";
import type { Store } from "../../src/stores/store.ts";
import { serve } from "./serve.ts";

/** The allowed answers to visitors. Any other answer is recorded as a sentence and fails the test. */
export type Answer = "open" | "closed";

/** An application behind a gate, with a visitor that sends requests continuously. */
export interface SiteUnderFault {
  readonly gate: Gate;
  /** The warnings and errors that the gate has logged. */
  readonly complaints: readonly string[];
  /**
   * Switches the site through `store`, with a message that is `bulk` characters longer than usual. Resolves with `null` if the store
   * accepts the change, otherwise with the error.
   */
  switch(to: Answer, store: Store, bulk?: number): Promise<MaintenanceError | null>;
  /** Resolves when visitors get `answer`. */
  becomes(answer: Answer): Promise<void>;
  /** Resolves when the gate's status matches `status`. */
  reports(status: object): Promise<void>;
  /** Runs `work`, and expects that every visitor gets `answer` meanwhile. */
  holds(answer: Answer, work: () => Promise<void>): Promise<void>;
  /** Expects that the history of `store` has every accepted change exactly once, and that its versions are consecutive. */
  hasLostNothing(store: Store): Promise<void>;
}

const BY = { kind: "program", label: "test" } as const;
const SITES = { shop: { hosts: ["shop.example"] } };
/** The timeout of expectations in real milliseconds, long enough for a busy machine. */
const PATIENCE = 30_000;
/** Milliseconds between two requests of the visitor. */
const PACE = 2;

/** Runs `work` with a site, then closes the site and the gate, and expects that every answer was that of an open or a closed site. */
export async function withSite(
  store: Store,
  work: (site: SiteUnderFault) => Promise<void>,
  clock: Clock = systemClock,
): Promise<void> {
  const complaints: string[] = [];
  const complain = (message: string): void => void complaints.push(message);
  const logger = { ...silentLogger, warn: complain, error: complain };
  const gate = createGate({ store, clock, sites: SITES, pollInterval: 100, logger });
  const server = createServer((_request, response) => response.end("yes"));
  guard(server, gate);
  const served = await serve(server);
  const agent = new Agent({ keepAlive: true });
  const answers: string[] = [];
  const accepted: string[] = [];
  const refused: string[] = [];
  let left = false;
  const visitor = (async () => {
    while (!left) {
      answers.push(await ask(served.url, agent));
      await sleep(PACE);
    }
  })();

  const site: SiteUnderFault = {
    gate,
    complaints,
    async switch(to, through, bulk = 0) {
      const controller = createController({ store: through, clock, sites: SITES });
      const reason = `change ${accepted.length + refused.length + 1}`;
      // Each message is unique, so that closing a closed site is a change too.
      const message = `${reason} ${randomBytes(bulk).toString("hex").slice(0, bulk)}`;
      const command = to === "closed" ? ({ type: "close", message } as const) : ({ type: "open" } as const);
      try {
        await controller.execute({ ...command, sites: ["shop"], reason }, BY);
        accepted.push(reason);
        return null;
      } catch (error) {
        refused.push(reason);
        if (!isMaintenanceError(error)) throw error;
        return error;
      }
    },
    becomes: (answer) => expect.poll(() => ask(served.url, agent), { timeout: PATIENCE }).toBe(answer),
    reports: (status) => expect.poll(() => gate.status(), { timeout: PATIENCE }).toMatchObject(status),
    async holds(answer, during) {
      const first = answers.length + 1;
      await during();
      await expect.poll(() => answers.length, { timeout: PATIENCE }).toBeGreaterThan(first);
      expect([...new Set(answers.slice(first))]).toEqual([answer]);
    },
    async hasLostNothing(kept) {
      const history = await kept.history({ limit: 1_000 });
      const reasons = history.map(({ reason }) => reason);
      expect(accepted.filter((reason) => !reasons.includes(reason))).toEqual([]);
      expect(reasons.filter((reason) => ![...accepted, ...refused].includes(reason))).toEqual([]);
      expect(new Set(reasons).size).toBe(reasons.length);
      expect(history.map(({ version }) => version)).toEqual(history.map((_, index) => history.length - index));
      expect((await kept.load()).version).toBe(history.length);
    },
  };
  try {
    await gate.ready();
    await work(site);
  } finally {
    left = true;
    await visitor;
    agent.destroy();
    await served.close();
    await gate.close();
  }
  expect(new Set(answers)).toEqual(new Set(answers.filter((answer) => answer === "open" || answer === "closed")));
}

function ask(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const request = get(url, { agent, headers: { host: "shop.example" } }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("error", (error) => resolve(`broken off: ${error.message}`));
      response.on("end", () => resolve(nameOf(response.statusCode ?? 0, response.headers, body)));
    });
    request.on("error", (error) => resolve(`no answer: ${error.message}`));
  });
}

function nameOf(
  status: number,
  { maintenance, "retry-after": retryAfter }: NodeJS.Dict<unknown>,
  body: string,
): string {
  if (status === 200 && body === "yes" && maintenance === undefined) return "open";
  if (status === 503 && String(maintenance).startsWith("closed") && retryAfter !== undefined) return "closed";
  return `${status}: ${body.slice(0, 100)}`;
}
