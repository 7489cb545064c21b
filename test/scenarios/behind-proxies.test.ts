import { createServer } from "node:http";
import express from "express";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { expressMaintenance } from "../../src/adapters/express.ts";
import { guard } from "../../src/adapters/node.ts";
import { sendText } from "../../src/testing/adapters/client.ts";
import type { ServedApp } from "../../src/testing/adapters/conformance.ts";
import { BY, type GateUnderTest, gateUnderTest } from "../support/gate-under-test.ts";
import { requireService } from "../support/require-service.ts";
import { serve } from "../support/serve.ts";
import { PROXIES, type ReverseProxy } from "../support/servers/proxies.ts";

/** The hosts and paths that an application may derive from a request. */
interface Reached {
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
}

const OPTIONS = {
  sites: { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } },
  exempt: { paths: ["/open/*", "/ready"], addresses: ["203.0.113.7"] },
};

const NAMES = ["shop.example", "shop.example", "blog.example", "SHOP.Example", "shop.example."];
const AROUND = [
  ":x",
  ":80",
  ":443:80",
  ":000080",
  "/",
  "?",
  "#",
  "@blog.example",
  ",blog.example",
  "\\",
  "..",
  "%2e",
  " x",
  "",
];
const BEFORE = ["me@", "http://", ".", "blog.example,", "blog.example:80@", "%73hop.example,", ""];

const host = fc
  .tuple(fc.constantFrom(...BEFORE, "", ""), fc.constantFrom(...NAMES), fc.constantFrom(...AROUND, "", ""))
  .map((parts) => parts.join(""));

const path = fc.oneof(
  fc.constantFrom("/", "/open", "/open/x", "/ready", "/private", "/checkout", "/%6fpen/x", "/%72eady", "/Checkout/"),
  fc
    .array(
      fc.constantFrom(
        ...["/", "//", "/./", "/../", "/..", "/%2e%2e/", "/..;/", "%2f", "%5c", "\\", ";x", "%00", "%09", "%20", "."],
        ...[
          "open",
          "ready",
          "private",
          "checkout",
          "CHECKOUT",
          "%63heckout",
          "%c0%ae",
          "%ef%bc%8e",
          "%252e",
          "?",
          "%3f",
        ],
      ),
      { minLength: 1, maxLength: 6 },
    )
    .map((parts) => `/${parts.join("")}`),
);

const forwarded = fc.constantFrom(
  ...["203.0.113.7", "203.0.113.7,", ",203.0.113.7", "203.0.113.7, ", "unknown", "203.0.113.7, unknown", ","],
  ...["203.0.113.7:80", "[::ffff:203.0.113.7]", "::ffff:203.0.113.7", "203.0.113.7\r\nX-Forwarded-For: 203.0.113.7"],
);

const hostLines = fc.oneof(
  { weight: 4, arbitrary: fc.array(host, { minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.array(host, { maxLength: 2 }) },
);

/** Generates requests of a client that tries to get past the gate. */
const request = fc
  .record({
    version: fc.constantFrom("1.1", "1.1", "1.1", "1.0"),
    hosts: hostLines,
    target: fc.oneof(
      { weight: 3, arbitrary: path },
      { weight: 1, arbitrary: fc.tuple(host, path).map(([name, rest]) => `http://${name}${rest}`) },
    ),
    forwardedHost: fc.option(host, { freq: 3 }),
    forwardedFor: fc.option(forwarded, { freq: 2 }),
  })
  .map(({ version, hosts, target, forwardedHost, forwardedFor }) =>
    [
      `GET ${target} HTTP/${version}`,
      ...hosts.map((one) => `Host: ${one}`),
      ...(forwardedHost === null ? [] : [`X-Forwarded-Host: ${forwardedHost}`]),
      ...(forwardedFor === null ? [] : [`X-Forwarded-For: ${forwardedFor}`]),
      "Connection: close",
      "",
      "",
    ].join("\r\n"),
  );

for (const kind of PROXIES) {
  const suite = requireService(kind.package, `apt-get install ${kind.package}`, kind.binary !== null);

  for (const place of ["in front of", "inside"] as const) {
    suite(`${place} Express behind ${kind.name}`, () => {
      let under: GateUnderTest;
      let app: ServedApp;
      let proxy: ReverseProxy;
      let reached: Reached[] = [];

      beforeAll(async () => {
        under = gateUnderTest({ ...OPTIONS, trustProxy: kind.namesClient ? 1 : 0 });
        const [plain, trusting] = [reader(false), reader(true)];
        const handler = express();
        if (place === "inside") handler.use(expressMaintenance(under.gate));
        handler.use((incoming, outgoing) => {
          const readings = [plain, trusting].map((read) => read(incoming));
          const url = URL.parse(incoming.originalUrl, "http://none");
          const hosts = [url, URL.parse(`http://${incoming.headers.host ?? "none"}`)].map((it) => it?.hostname ?? "");
          reached.push({
            hosts: [...readings.flatMap((reading) => reading.hosts), ...hosts].map((name) =>
              name.toLowerCase().replace(/\.$/, ""),
            ),
            paths: [...readings.flatMap((reading) => reading.paths), url?.pathname ?? "/"],
          });
          outgoing.send("the app");
        });
        const server = createServer(handler);
        if (place === "in front of") guard(server, under.gate);
        app = await serve(server);
        proxy = await kind.start(Number(new URL(app.url).port));
        await under.gate.ready();
      });

      afterAll(async () => {
        await proxy?.stop();
        await app?.close();
        await under?.gate.close();
      });

      beforeEach(async () => {
        await under.controller.execute({ type: "open", sites: ["*", "shop"] }, BY);
        reached = [];
      });

      async function close(settings: object): Promise<void> {
        await under.controller.execute({ type: "close", ...settings }, BY);
        await under.gate.refresh();
      }

      async function tryAll(check: (it: Reached) => void): Promise<void> {
        await fc.assert(
          fc.asyncProperty(request, async (text) => {
            reached = [];
            await sendText(proxy.url, text);
            for (const it of reached) check(it);
          }),
          { numRuns: 100 },
        );
      }

      test("no request for the host of a closed site reaches the application", async () => {
        await close({ sites: ["shop"], lockdown: true });
        let count = 0;
        await tryAll(({ hosts }) => {
          count += 1;
          expect(hosts).not.toContain("shop.example");
        });
        await sendText(proxy.url, "GET / HTTP/1.1\r\nHost: blog.example\r\nConnection: close\r\n\r\n");
        expect(reached.length + count).toBeGreaterThan(0);
      });

      test("only requests for exempt paths reach the application while everything is closed", async () => {
        await close({});
        await tryAll(({ paths }) => {
          for (const seen of paths) expect(seen, seen).toMatch(/^\/(?:open(?:\/|$)|ready$)/);
        });
        reached = [];
        await sendText(proxy.url, "GET /open/x HTTP/1.1\r\nHost: blog.example\r\nConnection: close\r\n\r\n");
        expect(reached).toHaveLength(1);
      });

      test("no request for a closed path reaches the application", async () => {
        await close({ paths: ["/checkout/*"] });
        await tryAll(({ paths }) => {
          for (const seen of paths) {
            const segments = decodeURIComponent(seen).toLowerCase().split("/");
            expect(
              segments.find((segment) => segment !== ""),
              seen,
            ).not.toBe("checkout");
          }
        });
        reached = [];
        await sendText(proxy.url, "GET /cart HTTP/1.1\r\nHost: blog.example\r\nConnection: close\r\n\r\n");
        expect(reached).toHaveLength(1);
      });

      if (kind.namesClient) {
        test("no client becomes exempt by an address that it sends", async () => {
          await close({ exempt: { paths: [] } });
          await fc.assert(
            fc.asyncProperty(forwarded, async (value) => {
              reached = [];
              const head = `GET / HTTP/1.1\r\nHost: blog.example\r\nX-Forwarded-For: ${value}\r\nConnection: close\r\n\r\n`;
              await sendText(proxy.url, head);
              expect(reached).toEqual([]);
            }),
            { numRuns: 40 },
          );
        });
      }
    });
  }
}

/** Returns a function that derives the host and the path as Express itself does. */
function reader(trustsProxy: boolean): (incoming: express.Request) => Reached {
  const app = express().set("trust proxy", trustsProxy);
  return (incoming) => {
    const own: express.Request = Object.create(app.request, {
      headers: { value: incoming.headers },
      socket: { value: incoming.socket },
      url: { value: incoming.originalUrl },
      app: { value: app },
    });
    return { hosts: [own.hostname ?? ""], paths: [own.path] };
  };
}
