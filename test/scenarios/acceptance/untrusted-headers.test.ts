import { validateHeaderValue } from "node:http";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fetchMaintenance } from "../../../src/adapters/fetch.ts";
import type { MaintenanceOptions } from "../../../src/config/options.ts";
import { keepConnection } from "../../../src/testing/adapters/client.ts";
import { BY, gateUnderTest } from "../../support/gate-under-test.ts";
import { inEachPlace, serveApp } from "./served-app.ts";

/** One exemption of every kind; none of the test's clients is a trusted proxy. */
const OPTIONS: MaintenanceOptions = {
  sites: { shop: { hosts: ["shop.example"] } },
  exempt: {
    addresses: ["10.0.0.42", "2001:db8::/32"],
    paths: ["/open/*"],
    methods: ["PURGE"],
    users: { staff: true, superuser: true },
    adminPaths: ["/admin/*"],
  },
  operatorPaths: ["/operators/*"],
  readOnly: { reads: ["/search"], writes: [] },
  jsonPaths: ["/api/*"],
  trustProxy: ["192.0.2.0/24"],
  keys: ["k".repeat(32)],
};

const NAMES = [
  ...[
    "X-Forwarded-For",
    "X-Real-IP",
    "X-Client-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
    "Fly-Client-IP",
    "Client-IP",
  ],
  ...["Forwarded", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "X-Original-URL", "X-Rewrite-URL"],
  ...[
    "X-HTTP-Method-Override",
    "X-Method-Override",
    "X-Original-Method",
    "Authorization",
    "Origin",
    "Referer",
    "Cookie",
  ],
  ...[
    "Accept",
    "Accept-Language",
    "Access-Control-Request-Method",
    "Maintenance",
    "X-Middleware-Subrequest",
    "Via",
    "Range",
  ],
  ...[
    "If-None-Match",
    "If-Modified-Since",
    "Cache-Control",
    "X-Forwarded-User",
    "Remote-User",
    "Purpose",
    "User-Agent",
  ],
];

const VALUES = [
  ...[
    "10.0.0.42",
    "10.0.0.42, 10.0.0.42",
    "for=10.0.0.42",
    "127.0.0.1",
    "192.0.2.1",
    "2001:db8::1",
    "/open/x",
    "/operators/",
  ],
  ...[
    "PURGE",
    "GET",
    "staff",
    "superuser",
    "true",
    "*",
    "shop.example",
    "open.example",
    "https://shop.example",
    "session=1",
  ],
  ...[
    "__Host-maintenance-bypass=",
    "__Host-maintenance-bypass=a~*~0~9999999999~b",
    "maintenance-bypass=x",
    "bypass;rule=path",
  ],
];

function isSendable(value: string): boolean {
  try {
    validateHeaderValue("x", value);
    return true;
  } catch {
    return false;
  }
}

const headers = fc.dictionary(
  fc.constantFrom(...NAMES, "Host"),
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...VALUES) },
    { weight: 1, arbitrary: fc.string().filter(isSendable) },
  ),
  { minKeys: 1, maxKeys: 6 },
);
const requests = fc.record({
  method: fc.constantFrom("GET", "HEAD", "POST", "DELETE"),
  path: fc.constantFrom("/", "/private", "/openx", "/search"),
  headers,
});

inEachPlace("no header of an untrusted peer changes a block, %s", (place) => {
  test("on the wire", async () => {
    const app = await serveApp(place, OPTIONS);
    await app.controller.links.create({ label: "QA", by: BY });
    await app.execute({ type: "close" });
    const agent = await keepConnection();
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        expect((await app.ask({ agent, ...request })).status).toBe(503);
      }),
      { numRuns: 500 },
    );
    expect(app.reached).toEqual([]);
    agent.destroy();
  });
});

test("no header of an untrusted peer changes a block, around a fetch handler", async () => {
  const { gate, controller } = gateUnderTest(OPTIONS);
  await controller.links.create({ label: "QA", by: BY });
  await controller.execute({ type: "close" }, BY);
  const address = (): string => "203.0.113.9";
  const handler = fetchMaintenance(gate, () => new Response("the app"), { address });
  await fc.assert(
    fc.asyncProperty(requests, async ({ path, ...init }) => {
      const response = await handler(new Request(`http://shop.example${path}`, init));
      expect(response.status).toBe(503);
    }),
    { numRuns: 500 },
  );
});
