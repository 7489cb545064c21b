import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodePath, foldPath, normalizePath, trimPath } from "../../../src/rules/paths/normalize.ts";

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
    ["/caf%c3%a9?x=%C3", "/caf%c3%a9"],
    ["/a%40b", "/a%40b"],
    ["/a%20%3A", "/a%20%3A"],
    ["/a%20b", "/a b"],
    ["/100%25", "/100%"],
    ["/100%25zz", "/100%zz"],
    ["/a%3Fb", "/a?b"],
    ["/a//b///c//", "/a//b///c//"],
    ["/.well-known/acme", "/.well-known/acme"],
    ["/...", "/..."],
    ["/.env", "/.env"],
    ["/a..b/c.", "/a..b/c."],
    ["/a;b=c", "/a;b=c"],
    ["http://shop.example/a?x", "/a"],
    ["HTTPS://shop.example:8080/caf%C3%A9", "/café"],
    ["http://shop.example", "/"],
    ["http://shop.example?x=/b", "/"],
  ])("%s is read as the path %s", (target, path) => {
    expect(normalizePath(target)).toBe(path);
  });
});

describe("a path that two readers could read in two ways is unclear", () => {
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
    ["an escape of a letter", "/%68ealthz"],
    ["an escape of a digit", "/v%31"],
    ["an escape of a hyphen", "/sign%2Din"],
    ["an escape of a dot", "/robots%2etxt"],
    ["an escape of an underscore", "/a%5fb"],
    ["an escape of a tilde", "/%7Eme"],
    ["a parent segment between blanks", "/open/%20..%20/x"],
    ["a parent segment with a blank within", "/open/.%20./x"],
    ["a parent segment of the full width", "/open/%EF%BC%8E%EF%BC%8E/x"],
    ["a parent segment in one character", "/open/%E2%80%A5/x"],
    ["a parent segment with characters that are ignored", "/open/.%E2%80%8B./x"],
    ["a slash of the full width", "/open%EF%BC%8Fx"],
    ["a backslash of the full width", "/open%EF%BC%BCx"],
    ["a percent sign of the full width", "/open%EF%BC%852fx"],
    ["a slash within a character", "/open%E2%84%80"],
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

test("no string makes it throw", () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: "binary" }), target), (text) => void normalizePath(text)));
});

test("a clear path that is decoded and encoded again is the same path", () => {
  fc.assert(
    fc.property(target, (text) => {
      const path = normalizePath(text);
      if (path === null) return;
      const encoded = encodeURI(decodePath(path)).replace(/[?#]/g, encodeURIComponent);
      expect(decodePath(normalizePath(encoded) ?? "unclear")).toBe(decodePath(path));
    }),
  );
});

test("a clear path equals the result of a URL parser", () => {
  fc.assert(
    fc.property(target, (text) => {
      const path = normalizePath(text);
      if (path === null) return;
      // A URL parser drops trailing spaces, which a request line cannot contain.
      fc.pre(!text.endsWith(" "));
      const { pathname } = new URL(text, "http://shop.example");
      expect(decodePath(path)).toBe(decodeURIComponent(pathname).replace(/\/{2,}/g, "/"));
    }),
  );
});

test("paths that one router takes for the same fold to the same text", () => {
  const spellings = ["/Checkout/", "/checkout//", "/%EF%BD%83heckout", "/CHECKOUT", "/checkou%EF%BD%94"];
  for (const spelling of spellings) expect(foldPath(normalizePath(spelling) ?? "")).toBe("/checkout");
  expect(foldPath("/a%40b")).toBe("/a@b");
  for (const cut of ["/checkout;v=1", "/checkout.", "/checkout ", "/checkout?x", "/checkout/. ./"]) {
    expect(trimPath(foldPath(cut))).toBe("/checkout");
  }
});

test("the time to fold a path is linear in its length", () => {
  for (const part of [".", " ", ";", "/", "./", ". x", "%40", "é"]) trimPath(foldPath(`/${part.repeat(500_000)}x`));
});
