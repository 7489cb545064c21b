import { createServer, IncomingMessage, type Server, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { type AdapterGate, adapterGate } from "../../dist/adapters/adapter.js";
import { type ExpressRequest, expressMaintenance } from "../../dist/adapters/express.js";
import { fetchMaintenance } from "../../dist/adapters/fetch.js";
import { guard } from "../../dist/adapters/node.js";
import { createController, createGate, type Gate } from "../../dist/index.js";
import { memoryStore } from "../../dist/stores/memory.js";
import { factsOf } from "../fixtures/facts.ts";
import { estimateDifference } from "../measure/estimate.ts";
import { measureInRounds, type Variant } from "../measure/rounds.ts";
import { atMost, type Row, type Section } from "../report/row.ts";
import { runSection, type SectionOptions } from "../report/run-section.ts";

type Next = () => unknown;
type Handler = (request: { readonly url: string }, next: Next) => unknown;

/** Measures the cost of one more handler that asks the gate, against one more that does nothing. */
async function measureOpen({ quick }: SectionOptions): Promise<Section> {
  const open = await gateWhere([], false);
  const counting = await gateWhere([], "presence");
  const differing = await gateWhere(["blog"], false);
  const facts = factsOf("shop.example", "203.0.113.7");
  const asks: Handler = (_request, next) => (open.snapshot.passAll ? next() : undefined);
  const decides: Handler = (_request, next) => {
    if (differing.snapshot.passAll) return next();
    return differing.decide(facts).outcome === "allow" ? next() : undefined;
  };
  const samples = await measureInRounds(
    [
      { name: "empty", run: () => {} },
      { name: "read", run: () => open.snapshot.passAll },
      { name: "empty handler", run: chain(empty()) },
      { name: "open handler", run: chain(asks) },
      { name: "differing handler", run: chain(decides) },
      ...adapterVariants(open),
      ...countingVariants(counting),
    ],
    { rounds: quick ? 5 : 11, slot: quick ? 15 : 40 },
  );
  const row = (what: string, name: string, than: string, limit: number): Row => ({
    what,
    unit: "ns",
    measured: estimateDifference(samples(name).both, samples(than).both),
    control: estimateDifference(samples(name).second, samples(name).first),
    target: atMost(limit),
  });
  await Promise.all([open.close(), counting.close(), differing.close()]);
  return {
    title: "Open, in-process: nanoseconds more than without a gate",
    rows: [
      row("all open, inlined, more than an empty function", "read", "empty", 2),
      row("all open, in a chain of five handlers, more than an empty handler", "open handler", "empty handler", 10),
      row("guard of node:http, more than the server's own emit", "guarded emit", "emit", 10),
      row("fetch adapter, more than the handler", "guarded fetch", "fetch", 10),
      row("Express middleware, more than calling next", "middleware", "next", 10),
      row("this site open, another closed, more than all open", "differing handler", "open handler", 25),
      row("guard that counts a request from its arrival to its end", "counted request", "request", 200),
      row("fetch adapter that counts a request without a body", "counted fetch", "uncounted fetch", 1_000),
    ],
    notes: [],
  };
}

/** The cost of the adapters themselves, between the server and the application, without a socket. */
function adapterVariants(gate: Gate): Variant[] {
  const bare = createServer(() => {});
  const guarded = createServer(() => {});
  guard(guarded, gate);
  const request = new IncomingMessage(new Socket()) as ExpressRequest;
  const response = Object.assign(new ServerResponse(request), { locals: {} });
  const fetched = new Request("http://shop.example/");
  const answer = new Response("hello");
  const handler = (_request: Request): Response => answer;
  const guardedHandler = fetchMaintenance(gate, handler);
  const middleware = expressMaintenance(gate);
  const next = (): void => {};
  return [
    { name: "emit", run: () => bare.emit("request", request, response) },
    { name: "guarded emit", run: () => guarded.emit("request", request, response) },
    { name: "fetch", run: () => handler(fetched) },
    { name: "guarded fetch", run: () => guardedHandler(fetched) },
    { name: "next", run: () => next() },
    { name: "middleware", run: () => middleware(request, response, next) },
  ];
}

/** The same with what is counted for operators while a request is under way: a new request and response each time. */
function countingVariants(gate: Gate): Variant[] {
  const bare = createServer(() => {});
  const guarded = createServer(() => {});
  guard(guarded, gate);
  const socket = new Socket();
  const exchange = (server: Server) => (): void => {
    const request = new IncomingMessage(socket);
    request.url = "/";
    request.httpVersionMajor = 1;
    const response = new ServerResponse(request);
    response.assignSocket(socket);
    server.emit("request", request, response);
    response.detachSocket(socket);
    response.emit("close");
  };
  const answer = new Response(null);
  const handler = (_request: Request): Response => answer;
  const guardedHandler = fetchMaintenance(gate, handler);
  return [
    { name: "request", run: exchange(bare) },
    { name: "counted request", run: exchange(guarded) },
    { name: "uncounted fetch", run: () => handler(new Request("http://shop.example/")) },
    { name: "counted fetch", run: () => guardedHandler(new Request("http://shop.example/")) },
  ];
}

async function gateWhere(closed: readonly string[], fleet: "presence" | false): Promise<AdapterGate> {
  const options = {
    fleet,
    store: memoryStore(),
    sites: { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } },
  };
  if (closed.length > 0) {
    await createController(options).close(closed);
  }
  const gate = createGate(options);
  await gate.ready();
  return adapterGate(gate);
}

/** Returns a new function each time, like the handlers of an application, so that the call site in the chain is megamorphic. */
function empty(): Handler {
  return new Function("return (request, next) => next()")() as Handler;
}

function chain(handler: Handler): Next {
  const handlers = [empty(), empty(), handler, empty(), empty()];
  const request = { url: "/" };
  const run = (position: number): unknown => handlers[position]?.(request, () => run(position + 1));
  return () => run(0);
}

await runSection(measureOpen);
