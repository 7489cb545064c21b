import { createServer } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { answerNode } from "../../../src/adapters/node/answer.ts";
import { sendText } from "../../../src/testing/adapters/client.ts";
import { createFakeClock } from "../../../src/testing/doubles/fake-clock.ts";
import { serve } from "../../support/serve.ts";

const plan = { status: 503, headers: ["Content-Length", "6"], body: "closed" };

test("sends the answer at once, and reads an endless body for five more seconds", async () => {
  const clock = createFakeClock();
  const { url, close } = await serve(createServer((request, response) => answerNode(request, response, plan, clock)));
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const first = await new Promise<Buffer>((resolve) => socket.once("data", resolve));
  expect(first.toString()).toMatch(/^HTTP\/1\.1 503 .*Connection: close.*closed$/s);
  socket.write("1\r\nx\r\n");
  const rest = text(socket);
  await clock.advance(5_000);
  expect(await rest).toBe("");
  expect(clock.timers).toBe(0);
  await close();
});

test("keeps the connection open after a body that is short or already read", async () => {
  const clock = createFakeClock();
  const { url, close } = await serve(
    createServer((request, response) => {
      if (request.url === "/short") answerNode(request, response, plan, clock);
      else request.resume().on("end", () => answerNode(request, response, plan, clock));
    }),
  );
  const chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n";
  const short = "POST /short HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
  const last = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  const answers = await sendText(url, chunked + short + last);
  expect(answers.match(/HTTP\/1\.1 503/g)).toHaveLength(3);
  expect(answers.match(/Connection: close/g)).toHaveLength(1);
  await close();
});
