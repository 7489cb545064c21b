import { createServer, type ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { markBypass } from "../../../src/adapters/shared/mark-bypass.ts";
import { send, type WireAnswer } from "../../../src/testing/adapters/client.ts";
import { serve } from "../../support/serve.ts";

const allow = {
  outcome: "allow",
  reason: "path",
  site: "*",
  mode: "closed",
  rule: null,
  bypass: true,
  version: 1,
} as const;

async function markedAnswer(write: (response: ServerResponse) => void): Promise<WireAnswer> {
  const { url, close } = await serve(
    createServer((_request, response) => {
      markBypass(response, allow);
      write(response);
    }),
  );
  try {
    return await send(url);
  } finally {
    await close();
  }
}

test.each<[string, (response: ServerResponse) => void]>([
  ["nothing at all", (response) => response.end()],
  ["setHeader", (response) => response.setHeader("cache-control", "public").end()],
  ["an object", (response) => response.writeHead(200, { "CACHE-CONTROL": "public", "X-App": "yes" }).end()],
  [
    "an object after setHeader",
    (response) => response.setHeader("Cache-Control", "a").writeHead(200, { Maintenance: "b" }).end(),
  ],
  ["a list", (response) => response.writeHead(200, ["Cache-Control", "public", "X-App", "yes"]).end()],
  [
    "a list after setHeader",
    (response) => response.setHeader("Maintenance", "a").writeHead(200, ["cache-control", "b"]).end(),
  ],
  ["a reason", (response) => response.writeHead(200, "Fine").end()],
  ["a reason and an object", (response) => response.writeHead(200, "Fine", { "Cache-Control": "public" }).end()],
  [
    "flushHeaders",
    (response) => {
      response.flushHeaders();
      response.end();
    },
  ],
  [
    "write",
    (response) => {
      response.write("x");
      response.end();
    },
  ],
])("the mark replaces what the app sets with %s", async (_how, write) => {
  const { status, headers } = await markedAnswer(write);
  expect(status).toBe(200);
  expect(headers.get("maintenance")).toBe("bypass;rule=path");
  expect(headers.get("cache-control")).toBe("private, no-store");
});

test("headers in a list keep their order and their duplicates", async () => {
  const { cookies, headers } = await markedAnswer((response) => {
    response.writeHead(200, ["Set-Cookie", "a=1", "X-App", "yes", "Set-Cookie", "b=2"]).end();
  });
  expect(cookies).toEqual(["a=1", "b=2"]);
  expect(headers.get("x-app")).toBe("yes");
});

test("an app that begins its answer twice still gets the error", async () => {
  const errors: unknown[] = [];
  await markedAnswer((response) => {
    response.writeHead(200);
    try {
      response.writeHead(200);
    } catch (error) {
      errors.push(Reflect.get(Object(error), "code"));
    }
    response.end();
  });
  expect(errors).toEqual(["ERR_HTTP_HEADERS_SENT"]);
});
