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

/** The answers to visitors; any other result is a sentence, and a failure. */
export type Answer = "open" | "closed";

/** An application behind a gate, with a visitor that sends requests the whole time. */
export interface SiteUnderFault {
  readonly gate: Gate;
  /** Warnings and errors of the gate. */
  readonly complaints: readonly string[];
  /**
   * Through `store`, with so many characters more than usual; resolves with why it was refused, `null` when it was accepted.
   */
  switch(to: Answer, store: Store, bulk?: number): Promise<MaintenanceError | null>;
  /** Resolves once this is what visitors get. */
  becomes(answer: Answer): Promise<void>;
  /** Resolves once the gate's status is at least this. */
  reports(status: object): Promise<void>;
  /** Does `work`, while every visitor gets `answer`. */
  holds(answer: Answer, work: () => Promise<void>): Promise<void>;
  /** In the history of `store` is every accepted change, none of them twice, and no version is missing or there twice. */
  hasLostNothing(store: Store): Promise<void>;
}

const BY = { kind: "program", label: "test" } as const;
const SITES = { shop: { hosts: ["shop.example"] } };
/** Real milliseconds within which what must happen has happened, also on a busy machine. */
const PATIENCE = 30_000;
/** Milliseconds from one visit to the next. */
const PACE = 2;

/** Closes the site and the gate at the end, and expects that every answer was that of an open or a closed site. */
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
      // A message of its own, so that closing what is closed is a change as well.
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
