import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalizePath } from "../../../src/rules/normalize-path.ts";

describe("a clear request target", () => {
  test.each([
    ["/", "/"],
    ["/health", "/health"],
    ["/health/", "/health/"],
    ["/health?x=1", "/health"],
    ["/health#top", null],
    ["/a?b#c?d", "/a"],
    ["/a?x=%zz&y=%2f..", "/a"],
    ["/?", "/"],
    ["/caf%C3%A9", "/café"],
    ["/caf%c3%a9?x=%C3", "/café"],
    ["/a%20b", "/a b"],
    ["/100%25", "/100%"],
    ["/100%25zz", "/100%zz"],
    ["/a%3Fb", "/a?b"],
    ["/a//b///c//", "/a/b/c/"],
    ["/.well-known/acme", "/.well-known/acme"],
    ["/...", "/..."],
    ["/.env", "/.env"],
    ["/a..b/c.", "/a..b/c."],
    ["/a;b=c", "/a;b=c"],
    ["http://shop.example/a?x", "/a"],
    ["HTTPS://shop.example:8080/caf%C3%A9", "/café"],
    ["http://shop.example", "/"],
    ["http://shop.example?x=/b", "/"],
  ])("%s is the path %s", (target, path) => {
    expect(normalizePath(target)).toBe(path);
  });
});

describe("what two readers could read in two ways is unclear", () => {
  test.each([
    ["a malformed escape", "/%zz"],
    ["a cut escape", "/a%2"],
    ["bytes that are not UTF-8", "/%ff"],
    ["an overlong slash", "/open%c0%afx"],
    ["a leading double slash", "//open/x"],
    ["a leading double slash after a host", "http://shop.example//open/x"],
    ["a backslash", "/open\\x"],
    ["a leading backslash", "/\\open"],
    ["an encoded backslash", "/open%5cx"],
    ["an encoded slash", "/open%2fx"],
    ["an encoded slash in upper case", "/open%2Fx"],
    ["NUL", "/open%00"],
    ["an encoded line break", "/open%0d%0ax"],
    ["a raw tab", "/open\tx"],
    ["a raw line break", "/open\nx"],
    ["DEL", "/open%7f"],
    ["a C1 control character", "/open%c2%85"],
    ["a parent segment", "/open/../private"],
    ["an encoded parent segment", "/open/%2e%2e/private"],
    ["a half encoded parent segment", "/open/.%2E/private"],
    ["a parent segment at the end", "/open/.."],
    ["a parent segment before a query", "/open/..?x"],
    ["a parent segment at the start", "/.."],
    ["a parent segment with a parameter", "/open/..;x/private"],
    ["a parent segment with an encoded parameter", "/open/..%3b/private"],
    ["a parent segment after a host", "http://shop.example/../x"],
    ["a segment for itself", "/open/./x"],
    ["a segment for itself with a parameter", "/open/.;/x"],
    ["an escape within an escape", "/open/%252e%252e/private"],
    ["an escape twice within an escape", "/100%2525"],
    ["the asterisk form", "*"],
    ["nothing", ""],
    ["the authority form", "shop.example:443"],
    ["another scheme", "ftp://shop.example/a"],
    ["an absolute form without a host", "http:///a"],
    ["a backslash in place of the host's end", "http://shop.example\\a"],
  ])("%s: %j", (_, target) => {
    expect(normalizePath(target)).toBeNull();
  });
});

const target = fc
  .array(
    fc.oneof(fc.constantFrom("/", "//", ".", "..", "%", "%2", "%2e", "%25", "\\", "?", "#", ";", "é"), fc.string()),
  )
  .map((parts) => `/${parts.join("")}`);

test("no string whatever makes it throw", () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: "binary" }), target), (text) => void normalizePath(text)));
});

test("a clear path, encoded again, is the same clear path", () => {
  fc.assert(
    fc.property(target, (text) => {
      const path = normalizePath(text);
      if (path === null) return;
      expect(normalizePath(path.split("/").map(encodeURIComponent).join("/"))).toBe(path);
    }),
  );
});

test("a clear path says what a URL parser says", () => {
  fc.assert(
    fc.property(target, (text) => {
      const path = normalizePath(text);
      if (path === null) return;
      // A URL parser drops spaces at the end of the whole, which no request line can hold.
      fc.pre(!text.endsWith(" "));
      const { pathname } = new URL(text, "http://shop.example");
      expect(path).toBe(decodeURIComponent(pathname).replace(/\/{2,}/g, "/"));
    }),
  );
});
