import { describe, expect, test } from "vitest";
import { applyCommand } from "../../../src/control/apply/apply-command.ts";
import { switchSettingsOf } from "../../../src/control/apply/restore-switch.ts";
import type { ValidCloseCommand, ValidCommand } from "../../../src/control/command.ts";
import { parseSiteRecord } from "../../../src/state/parse-site-record.ts";
import { openRecord, type SiteRecord } from "../../../src/state/site-record.ts";
import { NOW, stateOf } from "../../support/snapshot.ts";

const by = { kind: "program", label: "test" } as const;
const SCOPE = "scope001";
const HASH = "h".repeat(43);

type Step = readonly [who: "full" | "limited", command: ValidCommand];

/** Returns the record of the shop after the commands; a limited caller has rights on the shop only. */
function shopAfter(...steps: readonly Step[]): SiteRecord {
  let state = stateOf({});
  for (const [who, command] of steps) {
    const records = new Map(state.records);
    const context = { configured: new Map([["shop", []]]), now: NOW, by, limited: who === "limited" };
    for (const { id, seen, after: text } of applyCommand(state, command, context).draft?.records ?? [])
      if (text !== null) records.set(id, parseSiteRecord(id, seen + 1, text));
    state = { ...state, records };
  }
  return state.records.get("shop") ?? openRecord("shop");
}

const add = (pattern: string, description = ""): ValidCommand => ({
  type: "add-exemptions",
  site: "shop",
  paths: [{ pattern, description }],
});
const close = (pattern?: string): ValidCloseCommand => ({
  type: "close",
  sites: ["shop"],
  ...(pattern !== undefined && { exempt: { paths: [{ pattern, description: "" }] } }),
});
const edit = (version: number, ...paths: readonly { pattern: string; limited?: boolean }[]): ValidCommand => ({
  type: "edit",
  site: "shop",
  version,
  exemptions: { paths: paths.map((path) => ({ description: "", ...path })), addresses: [] },
});
const link = (id: string): ValidCommand => ({
  type: "add-link",
  site: "shop",
  link: { id, label: id, hash: HASH, key: HASH, expires: null },
});
const open: ValidCommand = { type: "open", sites: ["shop"] };

/** Returns the patterns of the exemptions, with a `~` before limited ones. */
function paths({ exemptions }: SiteRecord): readonly string[] {
  return exemptions.paths.map(({ pattern, limited }) => `${limited === true ? "~" : ""}${pattern}`);
}

describe("a caller with rights on one site only adds limited exemptions", () => {
  test.each<[string, readonly Step[], readonly string[]]>([
    ["by adding", [["limited", add("/x")]], ["~/x"]],
    ["by closing", [["limited", close("/x")]], ["~/x"]],
    ["by editing", [["limited", edit(0, { pattern: "/x" })]], ["~/x"]],
    ["and cannot be declared to be otherwise", [["limited", edit(0, { pattern: "/x", limited: false })]], ["~/x"]],
    [
      "by restoring",
      [
        ["limited", { ...close(), type: "close", sites: ["shop"], scope: SCOPE }],
        [
          "limited",
          {
            type: "restore",
            records: [
              {
                site: "shop",
                left: { ...switchSettingsOf(openRecord("shop")), mode: "closed", scope: SCOPE },
                found: {
                  ...switchSettingsOf(openRecord("shop")),
                  exemptions: { paths: [{ pattern: "/*", description: "" }], addresses: [] },
                },
              },
            ],
          },
        ],
      ],
      ["~/*"],
    ],
  ])("%s", (_case, steps, expected) => {
    expect(paths(shopAfter(...steps))).toEqual(expected);
  });

  test("a link", () => {
    const { links } = shopAfter(["full", link("aaaaaaaa")], ["limited", link("bbbbbbbb")]);
    expect(links.map(({ id, limited }) => [id, limited])).toEqual([
      ["aaaaaaaa", undefined],
      ["bbbbbbbb", true],
    ]);
  });
});

test("existing ones without the mark stay without it after any change", () => {
  expect(paths(shopAfter(["full", add("/x")], ["limited", add("/x", "new words")]))).toEqual(["/x"]);
  expect(paths(shopAfter(["full", add("/x")], ["limited", edit(1, { pattern: "/x" }, { pattern: "/y" })]))).toEqual([
    "/x",
    "~/y",
  ]);
  expect(paths(shopAfter(["full", add("/x")], ["limited", close("/y")], ["limited", open]))).toEqual(["/x"]);
});

test("an exemption for one closure does not become permanent without the mark", () => {
  const closed = shopAfter(["full", close("/x")], ["limited", edit(1, { pattern: "/x" })]);
  expect(paths(closed)).toEqual(["~/x"]);
  expect(paths(shopAfter(["full", close("/x")], ["limited", edit(1, { pattern: "/x" })], ["full", open]))).toEqual([
    "~/x",
  ]);
});

test("a caller with rights on everything removes the mark by adding it again or with limited: false, and not by saving a list", () => {
  expect(paths(shopAfter(["limited", add("/x")], ["full", edit(1, { pattern: "/x" }, { pattern: "/y" })]))).toEqual([
    "~/x",
    "/y",
  ]);
  expect(paths(shopAfter(["limited", add("/x")], ["full", edit(1, { pattern: "/x", limited: false })]))).toEqual([
    "/x",
  ]);
  expect(paths(shopAfter(["limited", add("/x")], ["full", add("/x")]))).toEqual(["/x"]);
});

describe("the cost of a change by a limited caller is bounded", () => {
  const paths = (count: number): ValidCommand => ({
    type: "add-exemptions",
    site: "shop",
    paths: Array.from({ length: count }, (_, place) => ({ pattern: `/${place}`, description: "" })),
  });
  const message = (length: number): ValidCommand => ({
    type: "close",
    sites: ["shop"],
    translations: Object.fromEntries(
      Array.from({ length }, (_, place) => [`de-${1_000 + place}`, { title: "", message: "m".repeat(5_000) }]),
    ),
  });

  test.each<[string, Step[], string]>([
    ["exemptions", [["limited", paths(101)]], "'shop' would have 101 exempt paths; the maximum is 100."],
    [
      "exemptions, bit by bit",
      [
        ["limited", paths(100)],
        ["limited", add("/one-more")],
      ],
      "101 exempt paths",
    ],
    ["text", [["limited", message(20)]], "characters; the maximum is 32768."],
  ])("%s", (_what, steps, refusal) => {
    expect(() => shopAfter(...steps)).toThrow(refusal);
  });

  test("a limited caller can switch a site even if others have written more", () => {
    expect(shopAfter(["full", paths(900)], ["limited", close()]).mode).toBe("closed");
    expect(shopAfter(["full", paths(900)], ["limited", close()], ["limited", open]).mode).toBe("open");
  });
});
