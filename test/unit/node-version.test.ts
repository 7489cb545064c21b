import { expect, test } from "vitest";
import { nodeTooOld } from "../../src/node-version.ts";

const on = (node: string, more: object = {}, navigator?: object) => ({
  process: { versions: { node, ...more } },
  ...(navigator && { navigator }),
});

test.each(["20.20.2", "18.0.0", "22.17.9"])("Node.js %s is too old", (node) => {
  const complaint = `maintenance-mode needs Node.js 22.18 or newer; this is ${node}.`;
  expect(nodeTooOld(on(node))).toBe(complaint);
  expect(nodeTooOld(on(node, {}, { userAgent: "Node.js/22" }))).toBe(complaint);
});

test.each([
  ["Node.js 22.18", on("22.18.0", {}, { userAgent: "Node.js/22" })],
  ["Node.js 24", on("24.0.0")],
  ["Bun", on("20.8.1", { bun: "1.1.0" }, { userAgent: "Bun/1.1.0" })],
  ["Deno", on("20.11.1", { deno: "2.0.0" }, { userAgent: "Deno/2.0.0" })],
  ["workerd", on("20.0.0", {}, { userAgent: "Cloudflare-Workers" })],
  ["an edge runtime without versions", { process: { env: {} } }],
  ["a browser", { navigator: { userAgent: "Mozilla/5.0" } }],
])("Node.js %s is supported", (_runtime, global) => {
  expect(nodeTooOld(global)).toBeNull();
});
