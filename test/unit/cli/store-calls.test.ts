import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { countedStore } from "../../support/counted-store.ts";
import { type CliInProcess, cliInProcess } from "./cli-in-process.ts";

const SCRIPT = { isInteractive: false };

let cli: CliInProcess;
let calls: string[];

beforeEach(() => {
  cli = cliInProcess();
  const counted = countedStore();
  calls = counted.calls;
  Object.assign(globalThis, { countedStore: counted.store });
  cli.members =
    'sites: { shop: { hosts: ["shop.example"] }, blog: { hosts: ["blog.example"] } }, groups: ["payments"], store: globalThis.countedStore';
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, "countedStore");
  cli.remove();
});

/** The records of these sites and of those that apply to every site: never all records. */
const load = (...sites: readonly string[]): string => ["load", ...[...sites, "payments", "*"].toSorted()].join(" ");
const CLOSED = ["on", "shop"];

describe("a command reads what it names once, and commits once", () => {
  const address = ["--ip", "203.0.113.7"];
  test.each<[line: readonly string[], calls: readonly string[], before?: readonly (readonly string[])[]]>([
    [
      ["on", "shop", "--for", "2h", "--message", "Back at nine"],
      [load("shop"), "commit"],
    ],
    [["on", "shop", "--message", "Back at ten", "--until", "22:00"], [load("shop"), "commit"], [CLOSED]],
    [
      ["on", "shop", "blog"],
      [load("shop", "blog"), "commit"],
    ],
    [
      ["on", "*"],
      [load(), "commit"],
    ],
    [
      ["on", "shop", "warehouse", "--ignore-missing"],
      [load("shop", "warehouse"), "commit"],
    ],
    [["off", "shop"], [load("shop"), "commit"], [CLOSED]],
    [
      ["exempt", "add", "--site", "shop", ...address],
      [load("shop"), "commit"],
    ],
    [
      ["exempt", "remove", "--site", "shop", ...address],
      [load("shop"), "commit"],
      [["exempt", "add", "--site", "shop", ...address]],
    ],
    [
      ["link", "create", "--label", "QA", "--site", "shop"],
      [load("shop"), "commit"],
    ],
    [
      ["link", "revoke", "--all", "--site", "shop"],
      [load("shop"), "commit"],
    ],
    [
      ["token", "create", "--name", "ci", "--may", "switch", "--site", "shop"],
      [load("shop"), "commit"],
    ],
    [["token", "revoke", "--all"], [load(), "commit"], [["token", "create", "--name", "ci", "--may", "view"]]],
    [
      ["sessions", "end"],
      [load(), "commit"],
    ],
    [
      ["sites", "add", "orders-db"],
      [load("orders-db"), "commit"],
    ],
    [["sites", "remove", "orders-db"], [load("orders-db"), "commit"], [["sites", "add", "orders-db"]]],
  ])("%j", async (line, expected, before = []) => {
    for (const earlier of before) await cli.start(earlier, SCRIPT);
    calls.length = 0;
    expect(await cli.start(line, SCRIPT)).toMatchObject({ code: 0 });
    expect(calls).toEqual(expected);
  });
});

test.each([
  [
    "a host belongs to one site: those of all sites are read",
    ["sites", "add", "wiki", "--host", "wiki.example"],
    ["load", "commit"],
  ],
  ["opening everything also names the sites that stay closed", ["off"], ["load * payments", "commit", "load"]],
  ["a link is looked for in every site", ["link", "revoke", "--all"], ["load", load("shop"), "commit"]],
  ["a rehearsal commits nothing", ["on", "shop", "--dry-run"], [load("shop")]],
  ["an unknown site is refused with those that are known", ["on", "warehouse"], [load("warehouse"), "load"]],
])("%s", async (_reason, line, expected) => {
  await cli.start(["on"], SCRIPT);
  await cli.start(["link", "create", "--label", "QA", "--site", "shop"], SCRIPT);
  calls.length = 0;
  await cli.start(line, SCRIPT);
  expect(calls).toEqual(expected);
});

test("at a terminal the warnings come before the commit", async () => {
  const { code, questions } = await cli.start(CLOSED, { isInteractive: true, answers: [true] });
  expect([code, questions]).toEqual([0, ["Close shop?"]]);
  expect(calls).toEqual([load("shop"), "commit"]);
});
