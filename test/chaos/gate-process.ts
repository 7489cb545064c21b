// A web server behind a gate. Appends a line to a file as each request enters the application, and one before it ends: they can be read
// after the process was killed. Its settings are the argument; it sends its port to its parent.
import { openSync, writeSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { guard } from "../../src/adapters/node.ts";
import { createGate } from "../../src/gate.ts";
import { openStoreOf } from "../support/servers/open-store-of.ts";
import { type GateSettings, HOST, machineTime, SITE } from "./messages.ts";
import { scaledClock } from "./scaled-clock.ts";

const settings: GateSettings = JSON.parse(process.argv[2] ?? "");
const { store, options, level, speed } = settings;
const log = openSync(settings.log, "a");
const arrivals = new WeakMap<IncomingMessage, bigint>();
let requests = 0;

const gate = createGate({
  store: openStoreOf(store, options),
  sites: { [SITE]: { hosts: [HOST] } },
  fleet: level === "none" ? false : level,
  clock: scaledClock(speed),
  logger: { debug() {}, info() {}, warn() {}, error() {} },
});
const server = createServer((request, response) => {
  requests += 1;
  const id = `${process.pid} ${requests}`;
  const entered = machineTime();
  writeSync(log, `+ ${id} ${arrivals.get(request) ?? entered} ${entered}\n`);
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
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.on("disconnect", () => process.exit());
