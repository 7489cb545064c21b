import { describe, expect, test } from "vitest";
import { exemptionSentence } from "../../../../admin-ui/src/model/exemption-sentence.ts";
import {
  type ClosingPlan,
  closingSentences,
  openingSentences,
} from "../../../../admin-ui/src/model/switch-sentence.ts";
import { zoneName } from "../../../../admin-ui/src/model/zone-name.ts";
import { siteViewOf } from "../site-view-of.ts";

const NOW = new Date(2026, 4, 14, 21, 40).getTime();
const HOUR = 3_600_000;
const shop = siteViewOf();

function sentenceOf(changes: Partial<ClosingPlan>): string {
  return closingSentences({
    sites: [shop],
    mode: "closed",
    until: null,
    now: NOW,
    settings: shop,
    message: "",
    ...changes,
  });
}

describe("the sentence about a switch", () => {
  test("names the hosts, the texts, the duration and the end", () => {
    expect(sentenceOf({ until: NOW + 2 * HOUR, message: "Back  soon." })).toBe(
      `Visitors to shop.example will see “Back soon”. Opens automatically after 2 hours: 23:40 (${zoneName()}).`,
    );
  });

  test("says that a site without an end has to be opened", () => {
    expect(sentenceOf({})).toBe(
      "Visitors to shop.example will see the built-in page. Stays this way until you open it again.",
    );
  });

  test("says that visitors of a read-only site can read", () => {
    expect(sentenceOf({ mode: "read-only" })).toMatch(/^Visitors to shop\.example can read but not make changes\. /);
  });

  test("names a redirect, and the paths that are closed", () => {
    const settings = siteViewOf({ paths: ["/a", "/b"], response: { ...shop.response, redirect: "/down" } });
    expect(sentenceOf({ settings })).toMatch(
      /^Visitors to shop\.example will be redirected to \/down\. Only \/a and \/b will be affected\. /,
    );
  });

  test("counts several sites, and names the first", () => {
    const sites = ["a", "b", "c", "d", "e"].map((id) => siteViewOf({ id }));
    expect(sentenceOf({ sites, settings: null })).toBe(
      "Visitors to 5 sites (a, b, c and 2 more) will see each site’s own message. Stays this way until you open it again.",
    );
    expect(openingSentences(sites.slice(0, 2), "open")).toMatch(
      /^Visitors to 2 sites \(a and b\) get access again immediately\./,
    );
  });

  test("opens no site while all sites are closed", () => {
    expect(openingSentences([shop], "closed")).toBe(
      "Visitors to shop.example do not get access yet, because all sites are set to “Closed”.",
    );
  });

  test("distinguishes all sites from a group", () => {
    expect(openingSentences([siteViewOf({ id: "*", hosts: [] })], "closed")).toMatch(/^Visitors to all sites /);
    expect(openingSentences([siteViewOf({ id: "db", hosts: [] })], "open")).toMatch(/^Visitors to all sites in db /);
  });
});

describe("the sentence about exemptions", () => {
  const exemptions = {
    paths: [{ pattern: "/a", description: "" }],
    addresses: [
      { range: "10.0.0.1", description: "" },
      { range: "10.0.0.2", description: "" },
    ],
  };

  test.each([
    [{}, "No exemptions or bypass links"],
    [{ exemptions }, "Exempt: 2 addresses and 1 path"],
    [{ exemptions, lockdown: true }, "Lockdown is on: exemptions do not apply"],
  ])("for %j", (changes, sentence) => {
    expect(exemptionSentence(siteViewOf(changes))).toBe(sentence);
  });
});
