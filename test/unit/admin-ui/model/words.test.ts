import { describe, expect, test } from "vitest";
import { decisionWords } from "../../../../admin-ui/src/model/decision-words.ts";
import { fieldLabel, valueWords } from "../../../../admin-ui/src/model/field-words.ts";
import { actionWords, entryWords, wayWords } from "../../../../admin-ui/src/model/history-words.ts";
import { refusal } from "../../../../admin-ui/src/model/rights-words.ts";

test.each([
  ["notice.translations.de.title", "Title (German (de))"],
  ["response.retryAfter", "Retry-After"],
  ["something.new", "something.new"],
])("the member %s is called %s", (member, words) => {
  expect(fieldLabel(member)).toBe(words);
});

test.each([
  [null, "none"],
  ["", "none"],
  [[], "none"],
  [true, "on"],
  [503, "503"],
  [["/a", "/b"], "/a, /b"],
  [
    [
      { range: "10.0.0.0/8", description: "Office" },
      { pattern: "/a", description: "" },
    ],
    "10.0.0.0/8 · Office, /a",
  ],
  [{ unknown: 1 }, '{"unknown":1}'],
])("the value %j is shown as %s", (value, words) => {
  expect(valueWords(value)).toBe(words);
});

test.each([
  ["closed", "Blocked: the site is closed and no exemption applies."],
  ["read-only", "Blocked: the request writes data, the site is read-only, and no exemption applies."],
] as const)("a block by the mode %s says why", (mode, words) => {
  const decision = { outcome: "block", reason: "mode", site: "shop", mode, until: null, version: 1 } as const;
  expect(decisionWords(decision)).toBe(words);
});

describe("an entry of the history", () => {
  const sites = (...ids: string[]) => ids.map((site) => ({ site, changes: [] }));

  test("names the change and the sites", () => {
    expect(entryWords({ command: "close", sites: sites("shop", "*") })).toBe("Closed: shop and all sites");
    expect(entryWords({ command: "open", sites: sites("a", "b", "c", "d", "e") })).toBe("Opened: a, b, c and 2 more");
    expect(entryWords({ command: "of-tomorrow", sites: sites("a") })).toBe("of-tomorrow: a");
  });

  test("names no site and no command for tokens and sessions", () => {
    expect(entryWords({ command: "begin-sessions", sites: sites("*") })).toBe("First sign-in");
    expect(entryWords({ command: "end-sessions", sites: sites("*") })).toBe("Everyone signed out");
    for (const [command, words] of actionWords()) expect(words, command).not.toBe(command);
  });

  test("says from where the change was made", () => {
    expect(wayWords({ kind: "cli", label: "noor", from: "deploy-1" })).toBe("command line, from deploy-1");
    expect(wayWords({ kind: "program", label: "deploy" })).toBe("program");
  });
});

test("a user without the right sees which right is missing", () => {
  expect(refusal(["view", "switch"], "switch", "shop")).toBe(null);
  expect(refusal(["view"], "switch", "*")).toBe("You don’t have permission to open or close all sites (Switch).");
});
