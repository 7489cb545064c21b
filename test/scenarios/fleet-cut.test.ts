import { once } from "node:events";
import { createServer, get, type IncomingMessage, type RequestListener } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { guard } from "../../src/adapters/node.ts";
import { createController } from "../../src/control/controller.ts";
import { LEASE_MS, parseBarrier, SWEEP_MS } from "../../src/fleet/barrier.ts";
import { gateInternals } from "../../src/gate/internals.ts";
import { createGate } from "../../src/gate.ts";
import { silentLogger } from "../../src/logger.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { barrierText, membersOf, rowsOf, skippingClock } from "../support/barriers.ts";
import { serve } from "../support/serve.ts";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A guarded server, and a barrier on everything whose coordinator has closed it. */
async function closedSite(details: Parameters<typeof barrierText>[0], listener: RequestListener) {
  const store = memoryStore();
  const clock = skippingClock();
  const gate = createGate({ store, clock, random: () => 0.5, logger: silentLogger });
  await Promise.all([gate.ready(), clock.advance(100)]);
  await clock.advance(2_000);
  const server = createServer(listener);
  server.on("upgrade", (_request, socket) => {
    socket.on("error", () => {});
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
  });
  guard(server, gate);
  const served = await serve(server);
  ends.push(() => Promise.all([gate.close(), clock.advance(10_000)]), served.close);
  const controller = createController({ store, clock }, { by: "test" });
  const members = membersOf(store);
  return {
    gate,
    clock,
    members,
    port: Number(new URL(served.url).port),
    rows: () => rowsOf(store),
    async close() {
      await members.setBarrier(barrierText({ ...details, phase: "arming" }), null);
      await controller.close("*");
      await members.setBarrier(barrierText({ ...details, phase: "closing" }), 1);
      await clock.advance(2_000);
    },
  };
}

async function open(port: number, path = "/"): Promise<IncomingMessage> {
  const [answer] = await once(
    get({ port, path, agent: false }).on("error", () => {}),
    "response",
  );
  return answer;
}

/** `once` would reject with the reset of the connection. */
function closeOf(answer: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    answer.on("error", () => {}).on("close", resolve);
  });
}

const events: RequestListener = (_request, response) => {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  response.write("data: 1\n\n");
};

describe("a barrier", () => {
  test("destroys streams where it is asked to, and leaves them otherwise", async () => {
    for (const streams of ["destroy", "wait"] as const) {
      const { port, clock, close, rows } = await closedSite({ streams }, events);
      const answer = await open(port);
      const ended = closeOf(answer);
      answer.resume();
      await clock.advance(11_000);
      await close();
      if (streams === "destroy") await ended;
      await clock.advance(5_000);
      expect((await rows())[0]?.attests).toMatchObject([
        { outcome: "closed", underWay: { streams: streams === "wait" ? 1 : 0 } },
      ]);
      answer.destroy();
    }
  });

  test("destroys upgraded connections where it is asked to", async () => {
    const { port, close, clock, rows } = await closedSite({ sockets: "destroy" }, events);
    const socket = connect(port).on("error", () => {});
    socket.write("GET /socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
    await once(socket, "data");
    const ended = once(socket, "close");
    await close();
    await ended;
    await clock.advance(5_000);
    expect((await rows())[0]?.underWay).toMatchObject({ sockets: 0 });
  });

  test("destroys requests that are still under way after the time of --cut", async () => {
    const { port, close, clock, rows } = await closedSite({ cutAfter: 8_000 }, events);
    const answer = await open(port);
    const ended = closeOf(answer);
    answer.resume();
    await close();
    await clock.advance(4_000);
    expect((await rows())[0]?.attests).toMatchObject([{ outcome: "closed", underWay: { requests: 1 } }]);
    await clock.advance(6_000);
    await ended;
    await clock.advance(2_000);
    expect((await rows())[0]?.attests).toMatchObject([{ underWay: { requests: 0 } }]);
  });

  test("whose holder has died is marked as lost, binds no longer, and opens nothing", async () => {
    const { gate, close, clock, members } = await closedSite({ isHold: true }, events);
    await close();
    expect(gateInternals(gate).snapshot.binding).not.toBeNull();
    await clock.advance(SWEEP_MS * 1.2 + LEASE_MS);
    const [left] = (await members.list()).barriers;
    expect(left && parseBarrier(left).phase).toBe("lost");
    expect(gateInternals(gate).snapshot.binding).toBeNull();
    expect(gate.mode()).toBe("closed");
  });
});
