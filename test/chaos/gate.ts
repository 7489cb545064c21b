import { openSync, writeSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { guard } from "../../src/adapters/node.ts";
import { Lease } from "../../src/fleet/lease.ts";
import { createGate } from "../../src/gate.ts";
import { openStoreOf } from "../support/servers/open-store-of.ts";
import { type HeldCalls, heldStore } from "./held-store.ts";
import { type GateSettings, HOST, machineTime, type Report, SITE } from "./messages.ts";
import type { ScaledClock } from "./scaled-clock.ts";

interface GateProcess {
  readonly settings: GateSettings;
  readonly clock: ScaledClock;
  readonly calls: HeldCalls;
  /** Called when a request has entered the application, before it is recorded. */
  readonly entered: () => void;
  readonly say: (report: Report) => void;
}

/**
 * A web server behind a gate. Appends a line to a file as each request enters the application, and one before it ends: they can be read
 * after the process was killed.
 */
export function runGate({ settings, clock, calls, entered, say }: GateProcess): void {
  const log = openSync(settings.log, "a");
  const arrivals = new WeakMap<IncomingMessage, bigint>();
  let requests = 0;
  if (!settings.hasFence) Lease.prototype.fence = () => null;
  const gate = createGate({
    store: heldStore(openStoreOf(settings.store, settings.options), calls, settings.speed),
    sites: { [SITE]: { hosts: [HOST] } },
    fleet: settings.level === "none" ? false : settings.level,
    clock,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const server = createServer((request, response) => {
    entered();
    requests += 1;
    const id = `${process.pid} ${requests}`;
    const at = machineTime();
    writeSync(log, `+ ${id} ${arrivals.get(request) ?? at} ${at}\n`);
    setTimeout(
      () => {
        writeSync(log, `- ${id} ${machineTime()}\n`);
        response.end();
      },
      Number(request.headers["x-work"] ?? 0),
    );
  });
  guard(server, gate);
  const emit = server.emit;
  server.emit = (event: string | symbol, ...args: readonly unknown[]): boolean => {
    // Before the gate decides, in the same turn.
    if (event === "request") arrivals.set(args[0] as IncomingMessage, machineTime());
    return Reflect.apply(emit, server, [event, ...args]);
  };
  gate.start();
  server.listen(0, "127.0.0.1", () => say({ kind: "ready", port: (server.address() as AddressInfo).port }));
}
