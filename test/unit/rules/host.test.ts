import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MaintenanceError } from "../../../src/errors.ts";
import { hostOf, parseHost } from "../../../src/rules/hosts/host.ts";

describe("a configured host", () => {
  test.each([
    ["shop.example", "shop.example"],
    ["Shop.Example.", "shop.example"],
    ["*.Shop.example", "*.shop.example"],
    ["localhost", "localhost"],
    ["shop.localhost", "shop.localhost"],
    ["my_app", "my_app"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["*.bücher.example", "*.xn--bcher-kva.example"],
    ["127.0.0.1", "127.0.0.1"],
    ["[::1]", "[::1]"],
    ["[0:0:0:0:0:0:0:1]", "[::1]"],
  ])("%s is %s", (text, host) => {
    expect(parseHost(text)).toBe(host);
  });

  test.each([
    ["", "is empty", "shop.example"],
    ["*", "names no host", "Leave the hosts out"],
    ["https://shop.example", "more than a host name", "Write 'shop.example'."],
    ["shop.example:8080", "more than a host name", "Write 'shop.example'."],
    ["shop.example:", "more than a host name", "Write 'shop.example'."],
    ["shop.example/a", "more than a host name", "Write 'shop.example'."],
    ["*.shop.example:80", "more than a host name", "Write '*.shop.example'."],
    ["me@shop.example", "more than a host name", "Write 'shop.example'."],
    ["[::1]:80", "more than a host name", "Write '[::1]'."],
    ["::1", "has no brackets", "Write '[::1]'."],
    ["*.127.0.0.1", "wildcard before an address", "Write '127.0.0.1'."],
    ["*.[::1]", "wildcard before an address", "Write '[::1]'."],
    ["shop.*.example", "contains a character", ""],
    ["*.*.example", "contains a character", ""],
    ["shop example", "contains a character", ""],
    ["shop%2eexample", "contains a character", ""],
    ["127.1", "is not a host name", ""],
    ["0x7f000001", "is not a host name", ""],
    ["shop..example", "is not a host name", ""],
    [".example", "is not a host name", ""],
    ["-shop.example", "is not a host name", ""],
    ["shop!.example", "is not a host name", ""],
    ["foo://", "is not a host name", ""],
    ["[::1", "is not a host name", ""],
    [`${"a".repeat(64)}.example`, "is not a host name", ""],
  ])("'%s' is refused", (text, reason, fix) => {
    let refusal: unknown;
    try {
      parseHost(text);
    } catch (error) {
      refusal = error;
    }
    if (!(refusal instanceof MaintenanceError)) throw new Error(`'${text}' was not refused.`);
    expect(refusal.code).toBe("ERR_INVALID_HOST");
    expect(refusal.message).toContain(`'${text}'`);
    expect(refusal.message).toContain(reason);
    expect(refusal.hint).toContain(fix);
  });
});

describe("a received Host header", () => {
  test.each([
    ["shop.example", "shop.example"],
    ["Shop.EXAMPLE:8080", "shop.example"],
    ["shop.example.", "shop.example"],
    ["shop.example.:443", "shop.example"],
    ["shop.example:", "shop.example"],
    ["127.0.0.1:3000", "127.0.0.1"],
    ["1.shop.example", "1.shop.example"],
    ["[::1]", "[::1]"],
    ["[::1]:3000", "[::1]"],
    ["[0:0:0:0:0:0:0:1]:3000", "[::1]"],
  ])("%s is the host %s", (header, host) => {
    expect(hostOf(header)).toBe(host);
  });

  test.each([
    undefined,
    "",
    ":80",
    ".",
    "..",
    ".shop.example",
    "shop.example..",
    "a.example, b.example",
    "me@shop.example",
    "shop.example/x",
    "shop.example:80:80",
    "shop.example:http",
    "[::1",
    "[::g]",
    "[]",
    "::1",
    "bücher.example",
    "*.shop.example",
    "shop%2eexample",
    "shop.example:x",
    "shop.example:000080",
    " shop.example",
    "127.1",
    "2130706433",
    "0x7f000001",
    "127.0.0.0x1",
    "0177.0.0.1",
    "shop.1",
    "a".repeat(10_000),
  ])("%j has no host", (header) => {
    expect(hostOf(header)).toBeNull();
  });

  test("is read as the same text in a configuration, and never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => void hostOf(text)));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.domain(),
          fc.ipV4(),
          fc.ipV6().map((ip) => `[${ip}]`),
        ),
        fc.nat(65535),
        (host, port) => {
          expect(hostOf(`${host.toUpperCase()}:${port}`)).toBe(parseHost(host));
        },
      ),
    );
  });
});
