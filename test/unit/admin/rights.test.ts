import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RIGHTS, type Right } from "../../../src/admin/access/principal.ts";
import { ROUTES } from "../../../src/admin/api/routes.ts";
import { type AdminUnderTest, type Answer, adminUnderTest, SITES } from "./admin-under-test.ts";

let under: AdminUnderTest;

beforeEach(async () => {
  under = adminUnderTest({ ...SITES, groups: ["db"], exempt: { ...SITES.exempt, addresses: ["198.51.100.0/24"] } });
  await under.ask("POST sites/*/exemptions", { addresses: [{ range: "203.0.113.7", description: "the director" }] });
  await under.ask("POST sites/blog/links", { label: "secret of blog" });
});

afterEach(() => under.close());

interface Row {
  readonly line: string;
  readonly body?: object;
  /** The required rights, each on a site. Empty: any known caller; `null`: unknown callers too. */
  readonly needs: readonly (readonly [right: Right, site: string])[] | null;
}

const NO_SETTINGS = { mode: "open", until: null, restore: null, paths: [], lockdown: false } as const;
const LASTING = { ...NO_SETTINGS, exemptions: { paths: [{ pattern: "/x" }], addresses: [] } };

const ROWS: readonly Row[] = [
  { line: "GET session", needs: [] },
  { line: "DELETE sessions", needs: [["access", "*"]] },
  { line: "GET sites", needs: [] },
  { line: "POST sites", body: { site: "new" }, needs: [["edit", "*"]] },
  { line: "GET sites/shop", needs: [["view", "shop"]] },
  { line: "PATCH sites/shop", body: { paths: ["/x"] }, needs: [["edit", "shop"]] },
  {
    line: "PATCH sites/shop",
    body: { hosts: ["main.example"] },
    needs: [
      ["edit", "shop"],
      ["edit", "*"],
    ],
  },
  { line: "DELETE sites/shop", needs: [["edit", "*"]] },
  { line: "POST close", body: { sites: ["shop"] }, needs: [["switch", "shop"]] },
  {
    line: "POST close",
    body: { sites: ["shop", "blog"] },
    needs: [
      ["switch", "shop"],
      ["switch", "blog"],
    ],
  },
  { line: "POST close", body: { sites: ["*"] }, needs: [["switch", "*"]] },
  { line: "POST close-and-wait", body: { sites: ["shop"], wait: { patience: 1 } }, needs: [["switch", "shop"]] },
  { line: "POST open", body: { sites: ["shop"] }, needs: [["switch", "shop"]] },
  { line: "GET sites/shop/exemptions", needs: [["view", "shop"]] },
  { line: "POST sites/shop/exemptions", body: { paths: ["/x"] }, needs: [["edit", "shop"]] },
  { line: "DELETE sites/shop/exemptions?path=/x", needs: [["edit", "shop"]] },
  { line: "GET links?site=shop", needs: [["view", "shop"]] },
  { line: "GET links", needs: [] },
  { line: "POST sites/shop/links", body: { label: "x" }, needs: [["links", "shop"]] },
  { line: "DELETE sites/shop/links/abcdefgh", needs: [["links", "shop"]] },
  { line: "DELETE sites/shop/links", needs: [["links", "shop"]] },
  { line: "GET history?site=shop", needs: [["view", "shop"]] },
  { line: "GET history", needs: [] },
  { line: "POST explain", body: { url: "https://shop.example/" }, needs: [["view", "shop"]] },
  { line: "POST explain", body: { url: "https://nowhere.example/" }, needs: [["view", "*"]] },
  {
    line: "POST explain",
    body: { url: "https://shop.example/", if: { mode: "closed", site: "blog" } },
    needs: [
      ["view", "shop"],
      ["view", "blog"],
    ],
  },
  { line: "GET preview?site=shop", needs: [["view", "shop"]] },
  { line: "GET preview", needs: [["view", "*"]] },
  { line: "GET health", needs: [] },
  { line: "GET events", needs: [] },
  { line: "GET fleet?site=shop&site=blog", needs: [] },
  { line: "GET holds", needs: [] },
  { line: "DELETE fleet/abcdefgh", needs: [["switch", "*"]] },
  { line: "GET tokens", needs: [["access", "*"]] },
  { line: "POST tokens", body: { name: "x", may: ["view"] }, needs: [["access", "*"]] },
  { line: "DELETE tokens/abcdefgh", needs: [["access", "*"]] },
  { line: "GET state", needs: [] },
  { line: "GET changes?site=shop", needs: [["view", "shop"]] },
  { line: "GET changes", needs: [] },
  { line: "GET openapi.json", needs: null },
  { line: "POST commands", body: { command: { type: "close", sites: ["shop"] } }, needs: [["switch", "shop"]] },
  { line: "POST commands", body: { command: { type: "close" } }, needs: [["switch", "*"]] },
  { line: "POST commands", body: { command: { type: "open", sites: ["shop"] } }, needs: [["switch", "shop"]] },
  {
    line: "POST commands",
    body: { command: { type: "edit", site: "shop", version: 0, paths: ["/x"] } },
    needs: [["edit", "shop"]],
  },
  {
    line: "POST commands",
    body: { command: { type: "edit", site: "shop", version: 0, hosts: ["main.example"] } },
    needs: [
      ["edit", "shop"],
      ["edit", "*"],
    ],
  },
  {
    line: "POST commands",
    body: { command: { type: "add-exemptions", site: "shop", paths: ["/x"] } },
    needs: [["edit", "shop"]],
  },
  { line: "POST commands", body: { command: { type: "remove-exemptions", site: "shop" } }, needs: [["edit", "shop"]] },
  { line: "POST commands", body: { command: { type: "add-site", site: "new" } }, needs: [["edit", "*"]] },
  { line: "POST commands", body: { command: { type: "remove-site", site: "shop" } }, needs: [["edit", "*"]] },
  { line: "POST commands", body: { command: { type: "revoke-links", site: "shop" } }, needs: [["links", "shop"]] },
  { line: "POST commands", body: { command: { type: "revoke-tokens" } }, needs: [["access", "*"]] },
  { line: "POST commands", body: { command: { type: "end-sessions" } }, needs: [["access", "*"]] },
  {
    line: "POST commands",
    body: { command: { type: "restore", records: [{ site: "shop", left: NO_SETTINGS, found: NO_SETTINGS }] } },
    needs: [["switch", "shop"]],
  },
  {
    line: "POST commands",
    body: { command: { type: "restore", records: [{ site: "shop", left: NO_SETTINGS, found: LASTING }] } },
    needs: [
      ["switch", "shop"],
      ["edit", "shop"],
    ],
  },
];

/** Signing in and out require no rights and have their own tests. */
const ELSEWHERE: ReadonlySet<string> = new Set(["POST session", "DELETE session"]);

async function ask({ line, body }: Row, user: string): Promise<Answer> {
  return await under.ask(line, body, { "x-user": user, ...(/^(?:PATCH|DELETE sites\/shop$)/.test(line) && MATCH) });
}

const MATCH = { "if-match": '"0"' };

describe.each(ROWS)("$line $body", (row) => {
  test("needs each of its rights on each of its sites, and no others", async () => {
    const needs = row.needs ?? [];
    const events = row.line === "GET events";
    for (const [missing] of needs.entries()) {
      const others = needs.filter((_, place) => place !== missing);
      under.access.add("almost", RIGHTS, []);
      const [right, site] = needs[missing] ?? ["view", ""];
      // Has every right on every site except this one.
      under.access.grant("almost", (asked, on) => !(asked === right && on === site));
      const refused = await ask(row, "almost");
      expect([refused.status, refused.json.code, others.length]).toEqual([403, "ERR_FORBIDDEN", others.length]);
    }
    under.access.grant("just", (asked, on) => needs.some(([right, site]) => right === asked && site === on));
    if (events) return;
    const answer = await ask(row, "just");
    expect([401, 403, 500]).not.toContain(answer.status);
    const unknown = await ask(row, "unknown");
    expect(unknown.status === 401).toBe(row.needs !== null);
  });

  test("reveals nothing about other sites and the configuration to a caller with just this right", async () => {
    if (row.line === "GET events" || row.needs === null) return;
    const needs = row.needs.filter(([, site]) => site !== "*");
    if (needs.length < row.needs.length) return;
    under.access.grant("just", (asked, on) => needs.some(([right, site]) => right === asked && site === on));
    const { text } = await ask(row, "just");
    expect(text).not.toMatch(/director|203\.0\.113\.7|198\.51\.100|secret of blog/);
    if (!JSON.stringify(row).includes("blog")) expect(text).not.toContain("blog");
  });

  test("is refused before its body is validated", async () => {
    const type = row.body === undefined ? null : row.body;
    if (type === null || row.needs === null || row.needs.length === 0) return;
    under.access.grant("viewer", () => false);
    const wrong = JSON.stringify(row.body).replace(/}$/, ', "paths": ["re:("], "unknown": true}');
    const refused = await under.ask(row.line, wrong, { "x-user": "viewer", ...MATCH });
    expect([refused.status, refused.json.code]).toEqual([row.line === "POST commands" ? 422 : 403, refused.json.code]);
  });
});

test("the table contains every route", () => {
  const all = ROUTES.map(({ method, path }) => `${method} ${path}`).filter((line) => !ELSEWHERE.has(line));
  const templates = ROWS.map(({ line }) =>
    line
      .replace(/\?.*/, "")
      .replace("abcdefgh", "{id}")
      .replace(/sites\/shop/, "sites/{site}"),
  );
  expect(all.filter((line) => !templates.includes(line))).toEqual([]);
});
