import { describe, expect, test } from "vitest";
import { applyCommand } from "../../../src/control/apply/apply-command.ts";
import type { ValidCloseCommand, ValidCommand } from "../../../src/control/command.ts";
import { parseSiteRecord } from "../../../src/state/parse-site-record.ts";
import { NO_NOTICE, type SiteRecord } from "../../../src/state/site-record.ts";
import type { State } from "../../../src/state/state.ts";
import { NOW, stateOf } from "../../support/snapshot.ts";

const configured = new Map([["shop", ["shop.example"]]]);
const by = { kind: "program", label: "test" } as const;

function apply(state: State, command: ValidCommand) {
  return applyCommand(state, command, { configured, now: NOW, by });
}

/** Returns the state after the commands, each applied to the result of the one before. */
function carryOut(state: State, ...commands: readonly ValidCommand[]): State {
  let current = state;
  for (const command of commands) {
    const records = new Map(current.records);
    for (const { id, seen, after: text } of apply(current, command).draft?.records ?? []) {
      if (text === null) records.delete(id);
      else records.set(id, parseSiteRecord(id, seen + 1, text));
    }
    current = { ...current, records };
  }
  return current;
}

function record(state: State, id = "*"): Partial<SiteRecord> {
  const { changed, version, ...rest } = state.records.get(id) ?? { changed: null, version: 0 };
  return rest;
}

const exempt = (pattern: string) => ({ paths: [{ pattern, description: "" }], addresses: [] });
const settings = { message: "Lasting", exemptions: exempt("/lasting"), paths: [] };
const { message, ...lists } = settings;
const edited = { notice: { ...NO_NOTICE, message }, ...lists };

describe("close", () => {
  test("closes all sites if none is named, with the given settings", () => {
    const state = carryOut(stateOf({}), {
      type: "close",
      message: "Back at nine",
      until: "2026-11-21T14:00:00+01:00",
      reason: "deploy",
    });
    expect(record(state)).toMatchObject({
      mode: "closed",
      until: "2026-11-21T13:00:00Z",
      notice: { message: "Back at nine" },
    });
    expect(state.records.get("*")?.changed).toEqual({ at: "2026-11-21T12:00:00Z", by, reason: "deploy" });
  });

  test.each<[Partial<ValidCloseCommand>]>([[{ until: "2h" }], [{ for: "2h" }], [{ until: new Date(NOW + 7_200_000) }]])(
    "ends two hours from now: %o",
    (end) => {
      const state = carryOut(stateOf({}), { type: "close", ...end });
      expect(record(state)).toMatchObject({ until: "2026-11-21T14:00:00Z" });
    },
  );

  test("two ends are refused", () => {
    expect(() => apply(stateOf({}), { type: "close", until: null, for: "2h" })).toThrow(
      expect.objectContaining({ code: "ERR_INVALID_COMMAND", message: "Both 'until' and 'for' are given." }),
    );
  });

  test("changes nothing the second time with the same options", () => {
    const command: ValidCommand = { type: "close", message: "Back at nine" };
    const { outcomes, draft } = apply(carryOut(stateOf({}), command), command);
    expect(outcomes).toMatchObject([{ site: "*", effect: "unchanged" }]);
    expect(draft).toBeNull();
  });

  test("updates the given options the second time, and keeps the others", () => {
    const state = carryOut(stateOf({}), { type: "close", message: "Back at nine", lockdown: true });
    const command: ValidCommand = { type: "close", message: "Back at ten" };
    expect(apply(state, command).outcomes).toMatchObject([{ effect: "updated" }]);
    expect(record(carryOut(state, command))).toMatchObject({ lockdown: true, notice: { message: "Back at ten" } });
  });

  test("refuses an end in the past", () => {
    expect(() => apply(stateOf({}), { type: "close", until: "2026-11-21T12:00:00Z" })).toThrow(
      expect.objectContaining({ code: "ERR_INVALID_TIME" }),
    );
  });

  test("refuses an unknown site with the most similar id, and closes none of the others", () => {
    const command: ValidCommand = { type: "close", sites: ["shop", "shpo"] };
    expect(() => apply(stateOf({}), command)).toThrow(
      expect.objectContaining({ code: "ERR_UNKNOWN_SITE", hint: "Did you mean 'shop'?" }),
    );
    expect(apply(stateOf({}), { ...command, ignoreMissing: true }).outcomes).toMatchObject([
      { site: "shop", effect: "closed" },
      { site: "shpo", effect: "skipped" },
    ]);
  });

  test("drops the old translations for this closure if the text is new", () => {
    const notice = { ...NO_NOTICE, message: "old", translations: { de: { title: "", message: "alt" } } };
    const closed = carryOut(stateOf({ "*": { notice } }), { type: "close", message: "new" });
    expect(record(closed).notice?.translations).toEqual({});
    expect(record(carryOut(closed, { type: "open" })).notice).toEqual(notice);
  });
});

describe("open", () => {
  test("restores everything that the closure replaced, however often it was updated", () => {
    const start = stateOf({ "*": edited });
    const state = carryOut(
      start,
      { type: "close", message: "one", exempt: exempt("/once"), paths: ["/a/*"], lockdown: true },
      { type: "close", message: "two", retryAfter: 5 },
      { type: "open" },
    );
    expect(record(state)).toEqual(record(start));
  });

  test("changes nothing if the site is open", () => {
    expect(apply(stateOf({}), { type: "open" })).toMatchObject({ outcomes: [{ effect: "unchanged" }], draft: null });
  });

  test("the settings of an ended closure are restored before the next one", () => {
    const ended = stateOf({
      "*": { ...edited, mode: "closed", until: "2026-11-21T11:00:00Z", lockdown: true, restore: { lockdown: false } },
    });
    const state = carryOut(ended, { type: "close" });
    expect(apply(ended, { type: "close" }).outcomes).toMatchObject([{ effect: "closed" }]);
    expect(record(state)).toMatchObject({ mode: "closed", until: null, lockdown: false, restore: null });
  });
});

describe("edit", () => {
  test("is refused if the record has changed, and the site stays closed", () => {
    const state = stateOf({ shop: { mode: "closed", version: 4 } });
    const edit: ValidCommand = { type: "edit", site: "shop", version: 3, ...NO_NOTICE };
    expect(() => apply(state, edit)).toThrow(expect.objectContaining({ code: "ERR_CONFLICT" }));
    expect(record(carryOut(state, { ...edit, version: 4, ...settings }), "shop")).toMatchObject({
      mode: "closed",
      ...edited,
    });
  });

  test("is permanent: opening does not undo an edit during the closure", () => {
    const closed = carryOut(stateOf({}), { type: "close", message: "for now" });
    const version = closed.records.get("*")?.version ?? -1;
    const state = carryOut(closed, { type: "edit", site: "*", version, message }, { type: "open" });
    expect(record(state).notice).toEqual(edited.notice);
  });

  test("refuses a host that belongs to another site", () => {
    const edit: ValidCommand = { type: "edit", site: "*", version: 0, hosts: ["shop.example"] };
    expect(() => apply(stateOf({}), edit)).toThrow(expect.objectContaining({ code: "ERR_INVALID_HOST" }));
  });
});

describe("sites", () => {
  test("can be added with hosts, closed and removed", () => {
    const added = carryOut(stateOf({}), { type: "add-site", site: "blog", hosts: ["blog.example"] });
    expect(record(added, "blog")).toMatchObject({ mode: "open", hosts: ["blog.example"] });
    expect(carryOut(added, { type: "close", sites: ["blog"] }).records.get("blog")?.mode).toBe("closed");
    expect(carryOut(added, { type: "remove-site", site: "blog" }).records.has("blog")).toBe(false);
  });

  test.each<[string, ValidCommand, string]>([
    ["a known id", { type: "add-site", site: "shop" }, "ERR_INVALID_COMMAND"],
    ["a host of another", { type: "add-site", site: "blog", hosts: ["shop.example"] }, "ERR_INVALID_HOST"],
    ["removing a configured one", { type: "remove-site", site: "shop" }, "ERR_SITE_CONFIGURED"],
    ["removing all", { type: "remove-site", site: "*" }, "ERR_SITE_CONFIGURED"],
    ["removing an unknown one", { type: "remove-site", site: "blog" }, "ERR_UNKNOWN_SITE"],
  ])("refuses %s", (_name, command, code) => {
    expect(() => apply(stateOf({}), command)).toThrow(expect.objectContaining({ code }));
  });
});

describe("exemptions", () => {
  test("are permanent, also if they are added during a closure", () => {
    const state = carryOut(
      stateOf({}),
      { type: "close", exempt: exempt("/once") },
      { type: "add-exemptions", paths: [{ pattern: "/health", description: "probe" }] },
    );
    expect(record(state).exemptions?.paths.map(({ pattern }) => pattern)).toEqual(["/once", "/health"]);
    expect(record(carryOut(state, { type: "open" })).exemptions?.paths).toEqual([
      { pattern: "/health", description: "probe" },
    ]);
  });

  test("adding one again changes only its description", () => {
    const once = carryOut(
      stateOf({}),
      { type: "add-exemptions", ...exempt("/a") },
      { type: "add-exemptions", ...exempt("/b") },
    );
    const again = carryOut(once, {
      type: "add-exemptions",
      paths: [{ pattern: "/a", description: "why" }],
    });
    expect(record(again).exemptions?.paths).toEqual([
      { pattern: "/a", description: "why" },
      { pattern: "/b", description: "" },
    ]);
  });

  test("removing an unknown one is refused with a list of the known ones", () => {
    const state = stateOf({ "*": { exemptions: exempt("/health") } });
    expect(record(carryOut(state, { type: "remove-exemptions", paths: ["/health"] })).exemptions?.paths).toEqual([]);
    expect(() => apply(state, { type: "remove-exemptions", paths: ["/healt"] })).toThrow(
      expect.objectContaining({ code: "ERR_INVALID_COMMAND", hint: "Exempt paths: '/health'." }),
    );
  });
});

test("a text stays on one line of the history", () => {
  const { draft } = apply(stateOf({}), { type: "close", reason: "one\r\ntwo\u0000" });
  expect(draft?.reason).toBe("one two");
});
