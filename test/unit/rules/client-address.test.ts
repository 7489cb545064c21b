import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientAddress, compileTrustProxy } from "../../../src/rules/addresses/client-address.ts";

test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("trustProxy %s is refused", (option) => {
  expect(() => compileTrustProxy(option)).toThrow(expect.objectContaining({ code: "ERR_INVALID_OPTION" }));
});

test("an invalid range is refused", () => {
  expect(() => compileTrustProxy(["10.0.0.0/40"])).toThrow(expect.objectContaining({ code: "ERR_INVALID_ADDRESS" }));
});

describe.each<[string, number | string[] | undefined, [string | undefined, string | undefined, string | undefined][]]>([
  [
    "no proxy is trusted",
    undefined,
    [
      ["192.0.2.1", undefined, "192.0.2.1"],
      ["192.0.2.1", "10.0.0.42", "192.0.2.1"],
      [undefined, "10.0.0.42", undefined],
    ],
  ],
  ["there is no proxy in front", 0, [["192.0.2.1", "10.0.0.42", "192.0.2.1"]]],
  ["an empty list", [], [["192.0.2.1", "10.0.0.42", "192.0.2.1"]]],
  [
    "one proxy",
    1,
    [
      ["192.0.2.1", "10.0.0.42, 198.51.100.7", "198.51.100.7"],
      ["192.0.2.1", "198.51.100.7", "198.51.100.7"],
      ["192.0.2.1", undefined, "192.0.2.1"],
      ["192.0.2.1", "", "192.0.2.1"],
      ["192.0.2.1", ",", "192.0.2.1"],
      ["192.0.2.1", "198.51.100.7,", "198.51.100.7"],
      ["192.0.2.1", "10.0.0.42, 198.51.100.7, ,\t,", "198.51.100.7"],
      ["192.0.2.1", ",198.51.100.7", "198.51.100.7"],
      ["192.0.2.1", "10.0.0.42, unknown", undefined],
      ["192.0.2.1", "10.0.0.42, []", undefined],
      ["192.0.2.1", "10.0.0.42, 198.51.100.7:4711", "198.51.100.7"],
      ["192.0.2.1", "198.51.100.7:x", undefined],
      ["192.0.2.1", "198.51.100.7:", undefined],
      ["192.0.2.1", "10.0.0.42,[2001:db8::1]:80", "2001:db8::1"],
      ["192.0.2.1", "[2001:db8::1]", "2001:db8::1"],
      ["192.0.2.1", "2001:db8::1", "2001:db8::1"],
      ["192.0.2.1", "::ffff:198.51.100.7", "::ffff:198.51.100.7"],
      [undefined, "10.0.0.42, 198.51.100.7", "198.51.100.7"],
    ],
  ],
  [
    "two proxies",
    2,
    [
      ["192.0.2.1", "10.0.0.42, 198.51.100.7, 192.0.2.2", "198.51.100.7"],
      ["192.0.2.1", "198.51.100.7", "198.51.100.7"],
      ["192.0.2.1", "198.51.100.7,, 192.0.2.2,", "198.51.100.7"],
      ["192.0.2.1", "10.0.0.42, unknown, 192.0.2.2", undefined],
    ],
  ],
  [
    "ranges",
    ["192.0.2.0/24", "2001:db8::/32"],
    [
      ["192.0.2.1", "10.0.0.42, 198.51.100.7", "198.51.100.7"],
      ["::ffff:192.0.2.1", "10.0.0.42, 198.51.100.7", "198.51.100.7"],
      ["192.0.2.1", "10.0.0.42, 198.51.100.7, 192.0.2.9, [2001:db8::9]:80", "198.51.100.7"],
      ["192.0.2.1", "192.0.2.3, 192.0.2.2", "192.0.2.3"],
      ["192.0.2.1", "10.0.0.42, nonsense, 192.0.2.2", undefined],
      ["192.0.2.1", "10.0.0.42, nonsense, 198.51.100.7, 192.0.2.2", "198.51.100.7"],
      ["203.0.113.5", "10.0.0.42", "203.0.113.5"],
      [undefined, "10.0.0.42", undefined],
    ],
  ],
])("%s", (_, option, cases) => {
  const trust = compileTrustProxy(option);
  test.each(cases)("peer %s, header %j: client %s", (socket, header, client) => {
    expect(clientAddress(socket, () => header, trust)).toBe(client);
  });
});

test("an untrusted peer cannot change its address, whatever it sends", () => {
  const trust = compileTrustProxy(["10.0.0.0/8"]);
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.ipV4()), (header) => {
      expect(clientAddress("192.0.2.1", () => header, trust)).toBe("192.0.2.1");
    }),
  );
});

test("only the last hundred elements of a long list are read, and a client that is not among them is unknown", () => {
  const trust = compileTrustProxy(["10.0.0.0/8"]);
  const found = (forwarded: string) => clientAddress("10.0.0.1", () => forwarded, trust);
  const proxies = (count: number): string => ", 10.0.0.2".repeat(count);
  expect(found(`198.51.100.7${proxies(99)}`)).toBe("198.51.100.7");
  expect(found(`198.51.100.7${proxies(100)}`)).toBeUndefined();
  expect(found(`198.51.100.7${",".repeat(15_000)}`)).toBeUndefined();
  // A client can only forge elements to the left of those that are read.
  expect(found(`${"10.0.0.3, ".repeat(15_000)}198.51.100.7, 10.0.0.2`)).toBe("198.51.100.7");
});

test("elements before the peer of the last trusted proxy change nothing", () => {
  fc.assert(
    fc.property(fc.string(), fc.ipV4(), (invented, seen) => {
      expect(clientAddress("192.0.2.1", () => `${invented},${seen}`, compileTrustProxy(1))).toBe(seen);
    }),
  );
});

describe("a preset", () => {
  const ask = (preset: string, peer: string | undefined, headers: Readonly<Record<string, string>>) =>
    clientAddress(peer, (name) => headers[name], compileTrustProxy(preset));

  test.each<[string, string | undefined, Record<string, string>, string | undefined]>([
    ["cloudflare", "172.64.1.1", { "x-forwarded-for": "10.0.0.42, 198.51.100.7" }, "198.51.100.7"],
    ["cloudflare", "192.0.2.1", { "x-forwarded-for": "10.0.0.42" }, "192.0.2.1"],
    ["aws-alb", "10.0.3.7", { "x-forwarded-for": "10.0.0.42, 198.51.100.7" }, "198.51.100.7"],
    ["aws-alb", "192.0.2.1", { "x-forwarded-for": "10.0.0.42" }, "192.0.2.1"],
    ["heroku", "10.1.2.3", { "x-forwarded-for": "10.0.0.42, 198.51.100.7" }, "198.51.100.7"],
    ["vercel", undefined, { "x-forwarded-for": "198.51.100.7" }, "198.51.100.7"],
    ["nginx", "127.0.0.1", { "x-forwarded-for": "203.0.113.9, 198.51.100.7, 192.168.1.5" }, "198.51.100.7"],
    ["nginx", "::1", { "x-forwarded-for": "2001:db8::7" }, "2001:db8::7"],
    ["fly", "172.16.1.1", { "fly-client-ip": "198.51.100.7", "x-forwarded-for": "10.0.0.42" }, "198.51.100.7"],
    ["fly", "192.0.2.1", { "fly-client-ip": "10.0.0.42" }, "192.0.2.1"],
  ])("%s, connected from %s with %j: %s", (preset, peer, headers, client) => {
    expect(ask(preset, peer, headers)).toBe(client);
  });

  test("with an unknown name is refused, with the most similar one", () => {
    expect(() => compileTrustProxy("cloudfare")).toThrow(
      expect.objectContaining({ code: "ERR_INVALID_OPTION", hint: "Did you mean 'cloudflare'?" }),
    );
  });
});
