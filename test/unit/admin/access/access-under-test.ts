import type { Access, AdminRequest, Identified } from "../../../../src/admin/access/access.ts";
import { type AccessOptions, createAccess } from "../../../../src/admin/access/create-access.ts";
import type { MaintenanceOptions } from "../../../../src/config/options.ts";
import { type Controller, createController } from "../../../../src/control/controller.ts";
import { type GateInternals, gateInternals } from "../../../../src/gate/internals.ts";
import { createGate } from "../../../../src/gate.ts";
import type { Actor } from "../../../../src/state/actor.ts";
import { memoryStore } from "../../../../src/stores/memory.ts";
import { createFakeClock, type FakeClock } from "../../../../src/testing/doubles/fake-clock.ts";

export const ORIGIN = "https://admin.example";
export const PASSWORD = "correct horse battery";
export const BY: Actor = { kind: "program", label: "test" };

/** The admin's access over a real gate and store, on a fake clock. */
export interface AccessUnderTest {
  readonly access: Access;
  readonly gate: GateInternals;
  readonly controller: Controller;
  readonly clock: FakeClock;
  /** The logged lines, such as `warn: …`. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

type Settings = Omit<AccessOptions, "gate" | "controller">;

export async function accessUnderTest(
  settings: Settings = {},
  options: MaintenanceOptions = {},
): Promise<AccessUnderTest> {
  const clock = createFakeClock(Date.parse("2026-11-21T12:00:00Z"));
  const log: string[] = [];
  const line = (level: string) => (message: string) => void log.push(`${level}: ${message}`);
  const logger = { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
  const all = { store: memoryStore(), sites: { shop: {}, blog: {} }, clock, logger, ...options };
  const gate = gateInternals(createGate(all));
  const controller = createController(all);
  const ready = gate.ready();
  // Ends the gate's wait for a store that is unavailable.
  if (options.startTimeout !== undefined) await clock.advance(options.startTimeout);
  await ready;
  // Drops the gate's messages about an empty store.
  log.length = 0;
  return {
    access: createAccess({ ...settings, gate, controller }),
    gate,
    controller,
    clock,
    log,
    async close() {
      await gate.close();
      await controller.dispose();
    },
  };
}

export interface Sent {
  readonly url?: string;
  readonly address?: string | undefined;
  readonly secure?: boolean;
  /** Whether the request comes from this machine. Default: true for a plain HTTP request. */
  readonly local?: boolean;
}

export const SAME_ORIGIN: Readonly<Record<string, string>> = { "sec-fetch-site": "same-origin" };

export function asks(method = "GET", headers: Record<string, string> = {}, sent: Sent = {}): AdminRequest {
  const { url = `${ORIGIN}/maintenance/api/v1/sites`, secure = url.startsWith("https:"), local = !secure } = sent;
  const address = "address" in sent ? sent.address : "192.0.2.1";
  const request = new Request(url, { method, headers });
  return { request, address, secure, local, original: request };
}

/** Returns the cookie that a browser keeps from a response and sends with the next request. */
export function cookieOf({ headers }: Identified): string {
  return headers.find(([name]) => name === "Set-Cookie")?.[1].split(";")[0] ?? "";
}

/** Signs in as the page does, and returns the cookie. */
export async function signIn({ access }: AccessUnderTest, sent: Sent = {}): Promise<string> {
  const answer = await access.signIn(asks("POST", SAME_ORIGIN, sent), PASSWORD);
  if (answer.outcome === "refused") throw answer.error;
  return cookieOf(answer);
}
