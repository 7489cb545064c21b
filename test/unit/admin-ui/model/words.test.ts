import { describe, expect, test } from "vitest";
import { fieldLabel, valueWords } from "../../../../admin-ui/src/model/field-words.ts";
import { COMMAND_WORDS, deedWords, sourceWords } from "../../../../admin-ui/src/model/history-words.ts";
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
])("the value %j is told as %s", (value, words) => {
  expect(valueWords(value)).toBe(words);
});

describe("an entry of the history", () => {
  const sites = (...ids: string[]) => ids.map((site) => ({ site, changes: [] }));

  test("says what was done to which sites", () => {
    expect(deedWords({ command: "close", sites: sites("shop", "*") })).toBe("closed shop and all sites");
    expect(deedWords({ command: "open", sites: sites("a", "b", "c", "d", "e") })).toBe("opened a, b, c and 2 more");
    expect(deedWords({ command: "of-tomorrow", sites: sites("a") })).toBe("did “of-tomorrow” to a");
  });

  test("of tokens and sessions names no site, and no command", () => {
    expect(deedWords({ command: "begin-sessions", sites: sites("*") })).toBe("signed in for the first time");
    expect(deedWords({ command: "end-sessions", sites: sites("*") })).toBe("signed everybody out");
    for (const words of Object.values(COMMAND_WORDS)) expect(words).not.toMatch(/-/);
  });

  test("says by which way it came", () => {
    expect(sourceWords({ kind: "cli", label: "noor", from: "deploy-1" })).toBe("on the command line, from deploy-1");
    expect(sourceWords({ kind: "program", label: "deploy" })).toBe("by a program");
  });
});

test("who may not is told which right it takes", () => {
  expect(refusal(["view", "switch"], "switch", "shop")).toBe(null);
  expect(refusal(["view"], "switch", "*")).toBe("You may not close or open all sites: that takes the right “switch”.");
});
