import { createTransport, type ErrorEvent, type EventHint, Scope } from "@sentry/core";
import { ServerRuntimeClient } from "@sentry/core/server";
import { expect, test } from "vitest";
import { sentryBeforeSend } from "../../../src/telemetry/log-filters.ts";

type BeforeSend = (event: ErrorEvent, hint: EventHint) => ErrorEvent | null | PromiseLike<ErrorEvent | null>;

/** Creates a Sentry scope that sends nothing, and records the messages of the errors that it would send. */
function sentryWith(beforeSend: BeforeSend): { readonly scope: Scope; sent(): Promise<readonly unknown[]> } {
  const sent: unknown[] = [];
  const client = new ServerRuntimeClient({
    dsn: "https://key@sentry.example/1",
    integrations: [],
    stackParser: () => [],
    transport: (options) => createTransport(options, async () => ({ statusCode: 200 })),
    beforeSend: async (event, hint) => {
      const passed = await beforeSend(event, hint);
      if (passed !== null) sent.push(passed.exception?.values?.at(-1)?.value);
      return passed;
    },
  });
  const scope = new Scope();
  scope.setClient(client);
  return {
    scope,
    async sent() {
      await client.flush();
      return sent;
    },
  };
}

const headers = { maintenance: 'closed;site="shop";version=1' };

test("Sentry drops the error of a request to a site in maintenance, and nothing else", async () => {
  const { scope, sent } = sentryWith(sentryBeforeSend());
  const response = new Response("", { status: 503, headers });
  scope.captureException(Object.assign(new Error("closed"), { response }));
  scope.captureException(new Error("no stock", { cause: { response } }));
  scope.captureException(Object.assign(new Error("own"), { response: new Response("", { status: 503 }) }));
  scope.captureException(new TypeError("broken"));
  expect(await sent()).toEqual(["own", "broken"]);
});

test("Sentry drops an event whose response context is an answer of a closed site", async () => {
  const { scope, sent } = sentryWith(sentryBeforeSend());
  scope.setContext("response", { status_code: 503, headers });
  scope.captureException(new Error("HTTP Client Error with status code: 503"));
  scope.setContext("response", { status_code: 503, headers: {} });
  scope.captureException(new Error("own"));
  expect(await sent()).toEqual(["own"]);
});

test("the application's own filter gets the other events", async () => {
  const { scope, sent } = sentryWith(
    sentryBeforeSend<ErrorEvent, EventHint>((event, { originalException }) =>
      originalException instanceof TypeError ? null : event,
    ),
  );
  scope.captureException(new TypeError("x"));
  scope.captureException(new Error("broken"));
  expect(await sent()).toEqual(["broken"]);
});
