import { beforeAll, describe, expect, test } from "vitest";
import { type AddressSources, exemptionWarnings } from "../../../src/control/views/exemption-warnings.ts";
import type { WayIn } from "../../../src/control/views/ways-in.ts";
import { compileTrustProxy } from "../../../src/rules/addresses/client-address.ts";
import { loadLinearRegExp } from "../../../src/rules/linear-regexp.ts";

beforeAll(loadLinearRegExp);

const BARE: AddressSources = { trustProxy: { kind: "none" }, ignoredProxies: [], ignoreCase: false };

function ways(kind: WayIn["kind"], ...rules: readonly string[]): readonly WayIn[] {
  return rules.map((rule) => ({ kind, rule, description: "", source: "shop" }));
}

const addresses = (...ranges: readonly string[]): readonly WayIn[] => ways("address", ...ranges);
const paths = (...patterns: readonly string[]): readonly WayIn[] => ways("path", ...patterns);

describe("an address range that contains every client", () => {
  test.each(["0.0.0.0/0", "255.1.2.3/0", "::ffff:0.0.0.0/96", "::/0", "2000::/3", "0.0.0.0/1", "2001::/8"])(
    "is recognised: %s",
    (range) => {
      expect(exemptionWarnings(addresses(range), BARE)).toHaveLength(1);
    },
  );

  test("is recognised as halves that cover everything together", () => {
    const quarters = ["0.0.0.0/8", ...Array.from({ length: 255 }, (_, i) => `${i + 1}.0.0.0/8`)];
    const warnings = exemptionWarnings(addresses(...quarters), { ...BARE, trustProxy: compileTrustProxy(1) });
    expect(warnings).toEqual(["Together the exempt ranges cover every IPv4 address: everyone gets in."]);
    expect(exemptionWarnings(addresses(...quarters.slice(1)), { ...BARE, trustProxy: compileTrustProxy(1) })).toEqual(
      [],
    );
  });

  test.each(["203.0.113.7", "198.51.100.0/24", "2001:db8::/32", "9.0.0.0/8"])("does not include %s", (range) => {
    expect(exemptionWarnings(addresses(range), BARE)).toEqual([]);
  });
});

describe("the address of a proxy", () => {
  test.each(["127.0.0.1", "::1", "127.0.0.0/8", "10.0.0.0/8", "192.168.1.7", "fd00::/8", "::ffff:127.0.0.1"])(
    "is suspected in %s if no proxies are configured",
    (range) => {
      expect(exemptionWarnings(addresses(range), BARE)).toEqual([expect.stringContaining("'trustProxy' is not set")]);
    },
  );

  test("is one that 'trustProxy' names, and no other", () => {
    const sources = { ...BARE, trustProxy: compileTrustProxy(["10.0.0.2"]) };
    expect(exemptionWarnings(addresses("10.0.0.0/8"), sources)).toEqual([
      expect.stringContaining("contains addresses that 'trustProxy' names as proxies"),
    ]);
    expect(exemptionWarnings(addresses("10.1.0.0/16"), sources)).toEqual([]);
  });

  test("is one that has sent a forwarding header, whatever its range", () => {
    const sources = { ...BARE, ignoredProxies: ["203.0.113.9"] };
    expect(exemptionWarnings(addresses("203.0.113.0/24"), sources)).toEqual([
      expect.stringContaining("lets all of them in"),
    ]);
    expect(exemptionWarnings(addresses("198.51.100.1"), sources)).toEqual([]);
  });
});

describe("a path that everyone requests", () => {
  test.each(["/*", "re:.*", "re:^/", "/:page/*"])("is recognised: %s", (pattern) => {
    expect(exemptionWarnings(paths(pattern), BARE)).toEqual([
      `The path '${pattern}' matches every path: everyone gets in everywhere.`,
    ]);
  });

  test("is recognised in several patterns together", () => {
    expect(exemptionWarnings(paths("/:page", "re:^/.+/."), BARE)).toEqual([
      "Together the exempt paths match every path: everyone gets in everywhere.",
    ]);
  });

  test.each(["/healthz", "/blog/*", "re:^/[a-z]{2}/", "/:page"])("does not include %s", (pattern) => {
    expect(exemptionWarnings(paths(pattern), BARE)).toEqual([]);
  });
});

test("the warnings include all users, anonymous users, and a test run", () => {
  expect(exemptionWarnings(ways("method", "GET", "OPTIONS"), BARE)).toHaveLength(1);
  expect(exemptionWarnings(ways("user", "anonymous", "staff"), BARE)).toHaveLength(1);
  expect(exemptionWarnings(ways("test-run", "NODE_ENV=test"), BARE)).toHaveLength(1);
});
