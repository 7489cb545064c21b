import { afterEach, beforeEach, expect, test } from "vitest";
import { memoryStore } from "../../../src/stores/memory.ts";
import type { Store } from "../../../src/stores/store.ts";
import { type CliInProcess, cliInProcess } from "./cli-in-process.ts";

const SCRIPT = { isInteractive: false };

let cli: CliInProcess;
let calls: string[];

beforeEach(() => {
  cli = cliInProcess();
  calls = [];
  const store = memoryStore();
  const counted: Store = {
    ...store,
    load(options) {
      calls.push(options?.sites === undefined ? "load" : `load ${options.sites.join(" ")}`);
      return store.load(options);
    },
    commit(draft) {
      calls.push("commit");
      return store.commit(draft);
    },
    history(query) {
      calls.push("history");
      return store.history(query);
    },
    // A run closes its store at the end, but the tests use this one for several runs.
    close: async () => {},
  };
  Object.assign(globalThis, { countedStore: counted });
  cli.members = 'sites: { shop: { hosts: ["shop.example"] } }, store: globalThis.countedStore';
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, "countedStore");
  cli.remove();
});

test("closing a site reads its record, commits, and reads the state once to describe the change", async () => {
  const { code, written } = await cli.start(["on", "shop", "--for", "2h"], SCRIPT);
  expect([code, written.stdout]).toEqual([0, expect.stringContaining("shop is closed now")]);
  expect(calls).toEqual(["load shop", "commit", "load"]);
});

test("a dry run commits nothing", async () => {
  await cli.start(["on", "shop", "--dry-run"]);
  expect(calls).toEqual(["load shop", "load"]);
});

test("changing a closure reads the history once, to find when the site was closed", async () => {
  await cli.start(["on", "shop"], SCRIPT);
  calls = [];
  const { written } = await cli.start(["on", "shop", "--message", "Back at nine"], SCRIPT);
  expect(written.stdout).toContain("shop was closed already, since");
  expect(calls).toEqual(["load shop", "commit", "load", "history"]);
});

test("at a terminal, the warnings are printed before the commit", async () => {
  const { code, questions } = await cli.start(["on", "shop"], { isInteractive: true, answers: [true] });
  expect([code, questions]).toEqual([0, ["Close shop?"]]);
  expect(calls).toEqual(["load shop", "load", "load shop", "commit"]);
});
