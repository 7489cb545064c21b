import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { posix } from "node:path";
import express from "express";
import express4 from "express-4";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { decide } from "../../../src/engine/decide/decide.ts";
import type { Snapshot } from "../../../src/engine/snapshot/snapshot.ts";
import { loadLinearRegExp } from "../../../src/rules/linear-regexp.ts";
import { requestFacts } from "../../support/request-facts.ts";
import { NOW, snapshotOf } from "../../support/snapshot.ts";

beforeAll(loadLinearRegExp);

/** Targets of characters that Node.js passes on: visible ASCII in HTTP/1.1, and also any higher byte in HTTP/2. */
const targets = fc
  .tuple(
    fc.constantFrom(
      "/",
      "/",
      "/",
      "//",
      "/open",
      "/open/",
      "/open/",
      "/%6fpen/",
      "http://h",
      "http://h/open",
      "HTTP://h:1/open/",
      "http://",
    ),
    fc.array(
      fc.oneof(
        {
          weight: 5,
          arbitrary: fc.constantFrom(
            ...[
              "/",
              "//",
              ".",
              "..",
              "/../",
              "/./",
              "%2e",
              "%2E%2e",
              "%2f",
              "%5c",
              "%5C",
              "\\",
              ";",
              ";x=/..",
              "%3b",
              "%3B",
            ],
            ...[
              "?",
              "#",
              "\u00a0",
              "%c2%a0",
              "%23",
              "%3f",
              "%25",
              "%252e",
              "%252f",
              "%00",
              "%",
              "%u002e",
              "%c0%ae",
              "%ef%bc%8e",
              "\u00e9",
              ":",
              "@",
            ],
            ...[
              "open",
              "private",
              "/open/",
              "/private",
              "x",
              "*",
              "&",
              "=",
              "~",
              "|",
              "^",
              "[",
              "]",
              "{",
              "'",
              '"',
              "<",
            ],
          ),
        },
        { weight: 1, arbitrary: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)) },
      ),
      { maxLength: 8 },
    ),
  )
  .map(([start, rest]) => start + rest.join(""))
  .filter((target) => /^[\x21-\x7e\x80-\xff]+$/.test(target));

const PATTERNS = ["/open/*", "re:^/open(?:/.*)?$"];

/** Whether a reader that decodes `path` once and ignores empty segments looks below `/open`. */
function isBelowOpen(path: string): boolean {
  const segments = decodeOnce(path)
    .split(/[/\\]/)
    .filter((segment) => segment !== "");
  return segments[0] === "open" && !segments.some((segment) => segment === "..");
}

/** Returns the path that a real Express application routes by, or `null` if its router refuses the target. */
function pathIn(app: express.Express): (target: string) => string | null {
  return (target) => {
    const request = new IncomingMessage(new Socket());
    request.method = "GET";
    request.url = target;
    request.headers = { host: "h" };
    let path: string | null = null;
    Reflect.set(request, "seen", (seen: string) => {
      path = seen;
    });
    Reflect.apply(app, undefined, [request, new ServerResponse(request)]);
    return path;
  };
}

function recording(create: typeof express): express.Express {
  return create().use((request) => Reflect.get(request, "seen")(request.path));
}

const READERS: readonly (readonly [string, (target: string) => string | null])[] = [
  ["Express 5", pathIn(recording(express))],
  ["Express 4", pathIn(recording(express4))],
  [
    "the URL of the Fetch standard",
    (target) => (URL.canParse(target, "http://h") ? new URL(target, "http://h").pathname : null),
  ],
  ["a router that cuts at '?' and decodes", (target) => pathOf(target).split("?")[0] ?? ""],
  ["a server of files", (target) => decodeFully(posix.normalize(decodeOnce(pathOf(target).split("?")[0] ?? "")))],
];

function pathOf(target: string): string {
  return target.replace(/^https?:\/\/[^/?#]*/i, "");
}

function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Encodes a decoded path, so that `isBelowOpen` can decode it again. */
function decodeFully(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function reasonFor(target: string, snapshot: Snapshot): string {
  const decision = decide(requestFacts({ target }), snapshot, NOW);
  return decision.outcome === "defer" ? decision.needs : decision.reason;
}

describe.each(READERS)("%s", (_name, read) => {
  const seen = (target: string): boolean | null => {
    const path = read(target);
    return path === null ? null : isBelowOpen(path);
  };

  test("sees only targets below the exempt path, if the gate let them through for it", () => {
    fc.assert(
      fc.property(fc.constantFrom(...PATTERNS), targets, (pattern, target) => {
        const snapshot = snapshotOf({ "*": { mode: "closed" } }, { exempt: { paths: [pattern] } });
        fc.pre(reasonFor(target, snapshot) === "path");
        expect(seen(target)).not.toBe(false);
      }),
      { numRuns: 2_000, maxSkipsPerRun: 1_000 },
    );
  });

  test("sees no target below the closed path, if the gate let it through as outside of it", () => {
    fc.assert(
      fc.property(fc.constantFrom(...PATTERNS), targets, (pattern, target) => {
        const snapshot = snapshotOf({ "*": { mode: "closed", paths: [pattern] } });
        fc.pre(reasonFor(target, snapshot) === "out-of-scope");
        expect(seen(target)).not.toBe(true);
      }),
      { numRuns: 2_000, maxSkipsPerRun: 1_000 },
    );
  });
});

const ROUTES = ["/open/x", "/@open", "/open/caf%C3%A9", "/open/a%20b", "/"];

/** The forms into which routers and servers convert both a request's path and a route before they compare them. */
const COMPARISONS: readonly (readonly [string, (path: string) => string])[] = [
  ["does not decode", (path) => path],
  ["decodes", decodeOnce],
  ["decodes twice", (path) => decodeOnce(decodeOnce(path))],
  ["decodes bytes, whatever they are", (path) => Buffer.from(unescape(path), "latin1").toString("utf8")],
  ["folds the case", (path) => path.toLowerCase()],
  ["decodes and folds the case", (path) => decodeOnce(path).toLowerCase()],
  ["composes Unicode", (path) => decodeOnce(path).normalize("NFC")],
  ["folds Unicode and the case", (path) => decodeOnce(path).normalize("NFKC").toLowerCase()],
  ["leaves out what cannot be seen", (path) => decodeOnce(path).replace(/[\u00ad\u200b-\u200d\ufeff]/g, "")],
  ["trims blanks", (path) => decodeOnce(path).trim()],
  ["trims blanks and dots of each segment", (path) => decodeOnce(path).replace(/[. \t]+(?=\/|$)/g, "")],
  ["cuts parameters off", (path) => decodeOnce(path).replace(/;[^/]*/g, "")],
  ["decodes before it cuts the query off", (path) => decodeOnce(path).replace(/[?#].*$/s, "")],
  ["drops tabs and line breaks", (path) => decodeOnce(path).replace(/[\t\r\n]/g, "")],
  ["stops at NUL", (path) => decodeOnce(path).replace(/\0.*$/s, "")],
  ["reads a backslash as a slash", (path) => decodeOnce(path).replaceAll("\\", "/")],
  ["resolves dot segments", (path) => posix.normalize(decodeOnce(path))],
  ["resolves dot segments before it decodes", (path) => decodeOnce(posix.normalize(path))],
  ["takes a slash at the end or not", (path) => path.replace(/(?<=.)\/$/, "")],
  ["collapses slashes", (path) => path.replace(/\/{2,}/g, "/")],
];

const respelled = (character: string): fc.Arbitrary<string> => {
  const bytes = [...Buffer.from(character)];
  const escaped = bytes.map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  const fullWidth = /[!-~]/.test(character) ? String.fromCharCode(character.charCodeAt(0) + 0xfee0) : character;
  const [kept, strange] = [character, encodeURIComponent(fullWidth)];
  return fc.oneof(
    { weight: 24, arbitrary: fc.constant(kept) },
    { weight: 1, arbitrary: fc.constantFrom(escaped, escaped.toUpperCase(), escaped.replaceAll("%", "%25"), strange) },
    { weight: 1, arbitrary: fc.constantFrom(character.toUpperCase(), character.toLowerCase()) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom("%09", "%00", "%20", ".", "/", "//", "/./", "\\", ";x", "%e2%80%8b", "%cc%81", "%c0%af", "%3fx")
        .map((added) => `${kept}${added}`),
    },
  );
};

/** Routes with some characters spelled differently. */
const spellings = fc.constantFrom(...ROUTES).chain((route) =>
  fc.tuple(
    fc.constant(route),
    fc.tuple(...[...route].map(respelled)).map((parts) => parts.join("")),
  ),
);

describe.each(COMPARISONS)("a router that %s", (_name, toCompared) => {
  const compared = (target: string): string => toCompared(target.split("?", 1)[0] ?? "");

  test("sees the exempt route for every target that the gate let through for it", () => {
    fc.assert(
      fc.property(spellings, ([route, target]) => {
        const snapshot = snapshotOf({ "*": { mode: "closed" } }, { exempt: { paths: [route] } });
        if (reasonFor(target, snapshot) === "path") expect(compared(target)).toBe(compared(route));
      }),
      { numRuns: 2_000 },
    );
  });

  test("sees no closed route for a target that the gate let through as another", () => {
    fc.assert(
      fc.property(spellings, ([route, target]) => {
        const snapshot = snapshotOf({ "*": { mode: "closed", paths: [route] } });
        if (reasonFor(target, snapshot) === "out-of-scope") expect(compared(target)).not.toBe(compared(route));
      }),
      { numRuns: 2_000 },
    );
  });
});
