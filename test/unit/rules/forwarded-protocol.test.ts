import { expect, test } from "vitest";
import { compileTrustProxy, forwardedProtocol } from "../../../src/rules/addresses/client-address.ts";

const PROXY = "10.0.0.1";

test.each([
  ["no proxy is trusted", undefined, PROXY, { "x-forwarded-proto": "https" }, undefined],
  ["the peer is no trusted proxy", ["10.0.0.0/8"], "192.0.2.1", { "x-forwarded-proto": "https" }, undefined],
  ["no header", 1, PROXY, {}, undefined],
  ["one proxy, which replaces", 1, PROXY, { "x-forwarded-proto": "https" }, "https"],
  ["one proxy, which appends to what the client sent", 1, PROXY, { "x-forwarded-proto": "https, http" }, "http"],
  [
    "two proxies, of which the outer one ends the TLS",
    2,
    PROXY,
    { "x-forwarded-for": "192.0.2.1, 10.0.0.2", "x-forwarded-proto": "https, http" },
    "https",
  ],
  [
    "two proxies, and what the client sent before them",
    2,
    PROXY,
    { "x-forwarded-for": "192.0.2.1, 10.0.0.2", "x-forwarded-proto": "https, http, http" },
    "http",
  ],
  [
    "two proxies by address, and an invention on the left",
    ["10.0.0.0/8"],
    PROXY,
    { "x-forwarded-for": "1.1.1.1, 192.0.2.1, 10.0.0.2", "x-forwarded-proto": "https, http, https" },
    "http",
  ],
  ["no word that is known", 1, PROXY, { "x-forwarded-proto": "HTTPS , " }, ""],
] as const)("%s", (_case, trust, peer, headers: Record<string, string>, expected) => {
  const trusted = compileTrustProxy(trust as number | readonly string[] | undefined);
  expect(forwardedProtocol(peer, (name) => headers[name], trusted)).toBe(expected);
});
