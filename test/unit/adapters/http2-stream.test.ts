import type { IncomingMessage, ServerResponse } from "node:http";
import { connect, createServer, type Http2ServerResponse, type IncomingHttpHeaders } from "node:http2";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { withholdAnswer } from "../../../src/adapters/node/withhold-answer.ts";
import { guard } from "../../../src/adapters/node.ts";
import { testGate } from "../../support/closed-gate.ts";

interface Answer {
  readonly headers: IncomingHttpHeaders & { readonly ":status"?: number };
  readonly informational: number;
  readonly pushed: number;
  readonly body: string;
}

async function answerOf(
  listener: (request: IncomingMessage, response: Http2ServerResponse) => void,
  prepare: (server: ReturnType<typeof createServer>) => void = () => {},
): Promise<Answer> {
  const server = createServer((request, response) => listener(request as unknown as IncomingMessage, response));
  prepare(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  let informational = 0;
  let pushed = 0;
  client.on("stream", (stream) => {
    pushed += 1;
    stream.resume();
  });
  try {
    const stream = client.request({ ":path": "/exempt" });
    stream.on("headers", () => {
      informational += 1;
    });
    const headers = await new Promise<Answer["headers"]>((resolve) => stream.once("response", resolve));
    return { headers, body: await text(stream), informational, pushed };
  } finally {
    client.close();
    server.close();
  }
}

test("a withheld answer is not sent by any way around the response", async () => {
  const seen: unknown[] = [];
  const answer = await answerOf((request, response) => {
    const plain = response as unknown as ServerResponse;
    withholdAnswer(request, plain, {
      isGiven: () => false,
      decide: () => {
        response.writeHead(503);
        response.end("closed");
        return false;
      },
    });
    response.writeEarlyHints({ link: "</secret.css>; rel=preload" });
    response.createPushResponse({ ":path": "/pushed" }, (error) => seen.push(error instanceof Error));
    seen.push(response.stream, Reflect.get(request, "stream"));
    response.addTrailers({ "x-sum": "secret" });
    response.setHeader("x-early", "yes");
    response.end("secret");
    response.end("again");
  });
  expect(seen).toEqual([undefined, undefined, true]);
  expect([answer.headers[":status"], answer.body, answer.informational, answer.pushed]).toEqual([503, "closed", 0, 0]);
});

test("a withheld answer is sent once it is permitted, including trailers", async () => {
  let given = false;
  const answer = await answerOf((request, response) => {
    withholdAnswer(request, response as unknown as ServerResponse, { isGiven: () => given, decide: () => true });
    response.writeEarlyHints({ link: "</dropped.css>; rel=preload" });
    given = true;
    response.writeEarlyHints({ link: "</sent.css>; rel=preload" });
    response.stream.respond({ ":status": 201 });
    response.stream.end("by the stream");
  });
  expect([answer.headers[":status"], answer.body, answer.informational]).toEqual([201, "by the stream", 1]);
});

test("an answer that bypasses a closed site is also marked on the stream", async () => {
  const { gate, close } = await testGate({ exempt: { paths: ["/exempt"] } });
  await close();
  const answer = await answerOf(
    (_request, response) => {
      response.stream.respond({
        ":status": 200,
        "cache-control": "public",
        "Surrogate-Control": "max-age=9",
        "x-app": "yes",
      });
      response.stream.end("app");
    },
    (server) => void guard(server, gate),
  );
  expect(answer.headers).toMatchObject({
    maintenance: "bypass;rule=path",
    "cache-control": "private, no-store",
    "x-app": "yes",
  });
  expect(answer.headers).not.toHaveProperty("surrogate-control");
});
