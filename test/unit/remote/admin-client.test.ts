import { createServer, type RequestListener } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { guard } from "../../../src/adapters/node.ts";
import { type AdminClient, createAdminClient } from "../../../src/admin/remote/admin-client.ts";
import { systemClock } from "../../../src/clock.ts";
import { isMaintenanceError, type MaintenanceError } from "../../../src/errors.ts";
import type { ServedApp } from "../../../src/testing/adapters/conformance.ts";
import { createFakeClock } from "../../../src/testing/doubles/fake-clock.ts";
import { gateUnderTest } from "../../support/gate-under-test.ts";
import { serve } from "../../support/serve.ts";

const TOKEN = "mm_the-token-that-is-never-shown";

let served: ServedApp | null = null;
afterEach(async () => {
  await served?.close();
  served = null;
});

function clientOf(url: string, clock = systemClock): AdminClient {
  return createAdminClient({ url, token: TOKEN, clock });
}

async function clientOver(listener: RequestListener, clock = systemClock): Promise<AdminClient> {
  served = await serve(createServer(listener));
  return clientOf(`${served.url}/team/maintenance`, clock);
}

function answering(status: number, headers: Record<string, string>, body = ""): RequestListener {
  return (_request, response) => response.writeHead(status, headers).end(body);
}

async function failureOf(work: Promise<unknown>): Promise<MaintenanceError> {
  const error = await work.then(
    () => new Error("It did not fail."),
    (thrown: unknown) => thrown,
  );
  if (!isMaintenanceError(error)) throw error;
  for (let told: unknown = error; told instanceof Error; told = told.cause) expect(told.message).not.toContain(TOKEN);
  expect(error.hint).not.toContain(TOKEN);
  return error;
}

const asIs = (body: unknown): unknown => body;

describe("the request", () => {
  test("goes below the admin's path, with the token as bearer, and as JSON", async () => {
    const seen: unknown[] = [];
    const client = await clientOver(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const { method, url, headers } = request;
      seen.push({ method, url, authorization: headers.authorization, type: headers["content-type"], body });
      response.writeHead(200, { "content-type": "application/json" }).end('{"a":1}');
    });
    expect(await client.get("state", { site: ["*", "shop"], before: undefined, limit: 5 }, asIs)).toEqual({ a: 1 });
    await client.post("commands", { dryRun: true, reason: undefined }, asIs);
    const authorization = `Bearer ${TOKEN}`;
    const path = "/team/maintenance/api/v1";
    expect(seen).toEqual([
      { method: "GET", url: `${path}/state?site=*&site=shop&limit=5`, authorization, type: undefined, body: "" },
      { method: "POST", url: `${path}/commands`, authorization, type: "application/json", body: '{"dryRun":true}' },
    ]);
  });

  test.each([undefined, "", "two words", "a\nb", "schlüssel"])("is not sent without a token (%j)", (token) => {
    const make = () => createAdminClient({ url: "http://localhost/", token, clock: systemClock });
    expect(make).toThrow(expect.objectContaining({ code: "ERR_UNAUTHENTICATED" }));
    expect(make).toThrow(/^MAINTENANCE_TOKEN (?:is not set|does not contain a token)/);
  });
});

describe("an answer without a result", () => {
  test("is a refusal of the server, with its code, its message and its hint", async () => {
    const problem = { status: 409, code: "ERR_OVERRIDDEN", detail: "It\u001b[31m is so.", hint: "Fix it." };
    const client = await clientOver(
      answering(409, { "content-type": "application/problem+json" }, JSON.stringify(problem)),
    );
    const error = await failureOf(client.post("commands", {}, asIs));
    expect(error).toMatchObject({ code: "ERR_OVERRIDDEN", message: "It [31m is so.", hint: "Fix it." });
  });

  test.each([
    [302, { location: "https://login.example/?next=secret" }, "redirects to 'https://login.example/'", "sign-in page"],
    [401, { "content-type": "text/html" }, "401 with text/html: a proxy in front of the admin", "admin's API"],
    [404, { "content-type": "text/html; charset=utf-8" }, "There is no admin at", "as a browser shows it"],
    [200, { "content-type": "text/html" }, "There is no admin at", "as a browser shows it"],
    [502, { "content-type": "text/html" }, "answers 502 with text/html", "behind the proxy"],
    [200, { "content-type": "application/json" }, "cannot be read", "the same release"],
  ])("has the address and the fix in the error: %i %j", async (status, headers, message, hint) => {
    const client = await clientOver(answering(status, headers, "<p>Hello</p>"));
    const error = await failureOf(client.get("session", {}, asIs));
    expect(error.message).toContain(message);
    expect(error.message).toContain(client.url);
    expect(error.message).not.toContain("secret");
    expect(error.hint).toContain(hint);
  });

  test("is that of a closed site if the path is not the admin's", async () => {
    const { gate, controller } = gateUnderTest();
    await controller.execute({ type: "close" }, { kind: "program", label: "test" });
    await gate.ready();
    const server = createServer(answering(200, {}));
    guard(server, gate);
    served = await serve(server);
    const error = await failureOf(clientOf(`${served.url}/admin`).get("session", {}, asIs));
    expect(error.message).toBe(`${served.url}/admin/ is a closed site, not the admin.`);
    await gate.close();
  });
});

describe("an unreachable server", () => {
  test("does not listen, and nothing was changed", async () => {
    const gone = await serve(createServer());
    await gone.close();
    const error = await failureOf(clientOf(gone.url).post("commands", {}, asIs));
    expect(error.code).toBe("ERR_STORE_UNAVAILABLE");
    expect(error.message).toBe(`The admin at ${gone.url}/ cannot be reached: no server listens at that port.`);
    expect(error.hint).not.toContain("may have been");
  });

  test("closes the connection, and a change may have been made", async () => {
    const client = await clientOver((request) => request.socket.destroy());
    const error = await failureOf(client.post("commands", {}, asIs));
    expect(error.message).toContain("the connection broke (");
    expect(error.hint).toContain("may have been made");
  });

  test("does not support TLS", async () => {
    served = await serve(createServer());
    const error = await failureOf(clientOf(served.url.replace("http:", "https:")).get("session", {}, asIs));
    expect(error.message).toContain("it does not speak TLS at that port");
  });

  test.each([
    ["says nothing", ""],
    ["stops in the middle", '{"a":'],
  ])("times out after ten seconds: %s", async (_case, beginning) => {
    const clock = createFakeClock();
    let asked = (): void => {};
    const reached = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const client = await clientOver((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      if (beginning !== "") response.write(beginning);
      asked();
    }, clock);
    const failure = failureOf(client.get("state", {}, asIs));
    await reached;
    await clock.advance(9_999);
    expect(clock.timers).toBe(1);
    await clock.advance(1);
    expect((await failure).message).toContain("there was no complete answer within 10 seconds");
    expect(clock.timers).toBe(0);
  });
});

test("the token is not sent to another server, because redirects are not followed", async () => {
  let asked = 0;
  const other = await serve(
    createServer((_request, response) => {
      asked += 1;
      response.end();
    }),
  );
  const client = await clientOver(answering(307, { location: other.url }));
  await failureOf(client.post("commands", {}, asIs));
  expect(asked).toBe(0);
  await other.close();
});
