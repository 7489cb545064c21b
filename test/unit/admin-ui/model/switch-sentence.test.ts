import { describe, expect, test } from "vitest";
import { exemptionSentence } from "../../../../admin-ui/src/model/exemption-sentence.ts";
import { type ClosingPlan, closingSentence, openingSentence } from "../../../../admin-ui/src/model/switch-sentence.ts";
import { zoneName } from "../../../../admin-ui/src/model/time-words.ts";
import { siteViewOf } from "../site-view-of.ts";

const NOW = new Date(2026, 4, 14, 21, 40).getTime();
const HOUR = 3_600_000;
const shop = siteViewOf();

function sentenceOf(changes: Partial<ClosingPlan>): string {
  return closingSentence({
    sites: [shop],
    mode: "closed",
    until: null,
    now: NOW,
    settings: shop,
    message: "",
    ...changes,
  });
}

describe("what the switch will do", () => {
  test("names the hosts, the words, how long and until when", () => {
    expect(sentenceOf({ until: NOW + 2 * HOUR, message: "Back  soon." })).toBe(
      `Visitors of shop.example will see “Back soon”, for 2 hours, until 23:40 (${zoneName()}).`,
    );
  });

  test("says that without an end it has to be opened", () => {
    expect(sentenceOf({})).toBe("Visitors of shop.example will see the built-in page, until it is opened again.");
  });

  test("says that who is read-only may read", () => {
    expect(sentenceOf({ mode: "read-only" })).toMatch(/^Visitors of shop\.example can read, and change nothing, /);
  });

  test("names a redirect, and the paths it is limited to", () => {
    const settings = siteViewOf({ paths: ["/a", "/b"], response: { ...shop.response, redirect: "/down" } });
    expect(sentenceOf({ settings })).toMatch(
      /^Visitors of shop\.example, under \/a and \/b only, are sent to \/down, /,
    );
  });

  test("counts several sites, and names the first", () => {
    const sites = ["a", "b", "c", "d", "e"].map((id) => siteViewOf({ id }));
    expect(sentenceOf({ sites, settings: null })).toBe(
      "Visitors of 5 sites (a, b, c and 2 more) will see each site’s own page, until they are opened again.",
    );
    expect(openingSentence(sites.slice(0, 2), "open")).toMatch(
      /^Visitors of 2 sites \(a and b\) get in again at once\./,
    );
  });

  test("opens nothing while the switch over all sites is closed", () => {
    expect(openingSentence([shop], "closed")).toBe(
      "Visitors of shop.example do not get in yet: the switch over all sites is closed too.",
    );
  });

  test("tells everything from a group", () => {
    expect(openingSentence([siteViewOf({ id: "*", hosts: [] })], "closed")).toMatch(/^Visitors of every site /);
    expect(openingSentence([siteViewOf({ id: "db", hosts: [] })], "open")).toMatch(
      /^Visitors of all that belongs to db /,
    );
  });
});

describe("who still gets in", () => {
  const exemptions = {
    paths: [{ pattern: "/a", description: "" }],
    addresses: [
      { range: "10.0.0.1", description: "" },
      { range: "10.0.0.2", description: "" },
    ],
  };

  test.each([
    [{}, "This site has no exempt address or path and no link of its own."],
    [{ exemptions }, "Still in: 2 exempt addresses and 1 exempt path."],
    [{ exemptions, lockdown: true }, "Lockdown is on: no exemption counts."],
  ])("%j", (changes, sentence) => {
    expect(exemptionSentence(siteViewOf(changes))).toBe(sentence);
  });
});
