import { expect, test } from "vitest";
import { nearest } from "../../../src/text/nearest.ts";

test.each([
  ["ngin", ["fly", "nginx"], "nginx"],
  ["shpo", ["blog", "shop"], "shop"],
  ["fyl", ["fly", "vercel"], "fly"],
  ["SHOP", ["shop"], "shop"],
  ["sitename", ["siteName", "message"], "siteName"],
  ["utnil", ["until", "mode"], "until"],
  ["of", ["on", "off"], "off"],
  ["titel", ["sites", "title"], "title"],
  ["Europe/Berln", ["Europe/Berlin", "Europe/Paris"], "Europe/Berlin"],
])("'%s' probably means one of %j: '%s'", (word, known, meant) => {
  expect(nearest(word, known)).toBe(meant);
});

test.each([
  ["foo", ["fly", "nginx"]],
  ["pool", ["url", "prefix"]],
  ["bogus", ["pool", "url"]],
  ["url", ["path"]],
  ["ip", ["if", "url"]],
  ["", ["path"]],
  ["shop", []],
])("'%s' resembles none of %j", (word, known) => {
  expect(nearest(word, known)).toBeUndefined();
});
