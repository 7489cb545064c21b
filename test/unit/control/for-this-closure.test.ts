import { describe, expect, test } from "vitest";
import { applyCommand } from "../../../src/control/apply/apply-command.ts";
import type { ValidCommand } from "../../../src/control/command.ts";
import { openRecordAgain, recordAt } from "../../../src/schedule/timetable.ts";
import { parseSiteRecord } from "../../../src/state/parse-site-record.ts";
import { NO_NOTICE, openRecord, type SiteRecord } from "../../../src/state/site-record.ts";
import type { State } from "../../../src/state/state.ts";
import { NOW, stateOf } from "../../support/snapshot.ts";

const by = { kind: "program", label: "test" } as const;
const HASH = "h".repeat(43);
const REFUSED = expect.objectContaining({ code: "ERR_INVALID_COMMAND" });

/** Returns the record of `*` after the commands, each applied to the result of the one before. */
function recordAfter(state: State, ...commands: readonly ValidCommand[]): SiteRecord {
  let current = state;
  for (const command of commands) {
    const records = new Map(current.records);
    const context = { configured: new Map(), now: NOW, by };
    for (const { id, seen, after: text } of applyCommand(current, command, context).draft?.records ?? [])
      if (text !== null) records.set(id, parseSiteRecord(id, seen + 1, text));
    current = { ...current, records };
  }
  return current.records.get("*") ?? openRecord("*");
}

function exempt(range: string, untilOpen: boolean): ValidCommand {
  return { type: "add-exemptions", addresses: [{ range, description: "" }], untilOpen };
}

function link(id: string, untilOpen: boolean): ValidCommand {
  const ends = untilOpen ? { untilOpen } : {};
  return { type: "add-link", link: { id, label: id, hash: HASH, key: HASH, expires: null, ...ends } };
}

const ranges = ({ exemptions }: SiteRecord) => exemptions.addresses.map(({ range }) => range);
const links = (record: SiteRecord) => record.links.map(({ id }) => id);

describe("an exemption until the site opens", () => {
  test("ends with the closure, and a permanent one stays", () => {
    const commands = [{ type: "close" }, exempt("10.0.0.1", true), exempt("10.0.0.2", false)] as const;
    expect(ranges(recordAfter(stateOf({}), ...commands))).toEqual(["10.0.0.1", "10.0.0.2"]);
    expect(ranges(recordAfter(stateOf({}), ...commands, { type: "open" }))).toEqual(["10.0.0.2"]);
  });

  test("ends at the end of the closure, without a command", () => {
    const until = "2026-11-21T13:00:00Z";
    const record = recordAfter(stateOf({}), { type: "close", until }, exempt("10.0.0.1", true));
    expect(ranges(recordAt(record, NOW))).toEqual(["10.0.0.1"]);
    expect(ranges(recordAt(record, Date.parse(until)))).toEqual([]);
  });

  test("can be removed earlier, like one given with the closure", () => {
    const one = { addresses: [{ range: "10.0.0.1", description: "" }] };
    const remove: ValidCommand = { type: "remove-exemptions", addresses: ["10.0.0.1"] };
    expect(ranges(recordAfter(stateOf({}), { type: "close" }, exempt("10.0.0.1", true), remove))).toEqual([]);
    expect(ranges(recordAfter(stateOf({}), { type: "close", exempt: one }, remove))).toEqual([]);
    expect(() => recordAfter(stateOf({}), { type: "close", exempt: one }, remove, remove)).toThrow(REFUSED);
  });

  test("stays permanent if it already was", () => {
    const commands = [exempt("10.0.0.1", false), { type: "close" }, exempt("10.0.0.1", true)] as const;
    expect(ranges(recordAfter(stateOf({}), ...commands, { type: "open" }))).toEqual(["10.0.0.1"]);
  });

  test("is refused while the site is open, and after its closure has ended", () => {
    expect(() => recordAfter(stateOf({}), exempt("10.0.0.1", true))).toThrow(REFUSED);
    const ended = stateOf({ "*": { mode: "closed", until: "2026-11-21T11:00:00Z" } });
    expect(() => recordAfter(ended, exempt("10.0.0.1", true))).toThrow(REFUSED);
  });
});

describe("a link until the site opens", () => {
  test("is removed when the site opens, by command or at its end, and a permanent one stays", () => {
    const commands = [{ type: "close" }, link("untilopn", true), link("lasting1", false)] as const;
    const record = recordAfter(stateOf({}), ...commands);
    expect(links(record)).toEqual(["untilopn", "lasting1"]);
    expect(links(openRecordAgain(record))).toEqual(["lasting1"]);
    expect(links(recordAfter(stateOf({}), ...commands, { type: "open" }))).toEqual(["lasting1"]);
    expect(links(recordAfter(stateOf({}), ...commands, { type: "open" }, { type: "close" }))).toEqual(["lasting1"]);
  });

  test("survives a change of how the site is closed", () => {
    const commands = [{ type: "close" }, link("untilopn", true), { type: "close", mode: "read-only" }] as const;
    expect(links(recordAfter(stateOf({}), ...commands))).toEqual(["untilopn"]);
  });

  test("is removed when a scope restores an open site", () => {
    const { id: _, version: __, hosts: ___, ...rest } = openRecord("*");
    const { links: _links, linkGeneration: _generation, access: _access, changed: _changed, ...found } = rest;
    const commands: readonly ValidCommand[] = [
      { type: "close", scope: "a1b2c3d4" },
      link("untilopn", true),
      { type: "restore", records: [{ site: "*", left: { ...found, mode: "closed", scope: "a1b2c3d4" }, found }] },
    ];
    expect(recordAfter(stateOf({}), ...commands)).toMatchObject({ mode: "open", links: [] });
  });

  test("is refused while the site is open", () => {
    expect(() => recordAfter(stateOf({}), link("untilopn", true))).toThrow(REFUSED);
  });
});

describe("texts in another language for one closure", () => {
  const notice = { ...NO_NOTICE, message: "Lasting", translations: { de: { title: "", message: "Bleibt" } } };
  const french = { translations: { fr: { title: "", message: "De retour à neuf heures" } } };

  test("end with it, and permanent texts stay", () => {
    const both = { message: "Back at nine", translations: { de: { title: "", message: "Zurück um neun" } } };
    const closed = recordAfter(stateOf({ "*": { notice } }), { type: "close", ...both });
    expect(closed.notice).toEqual({ ...NO_NOTICE, ...both });
    expect(openRecordAgain(closed).notice).toEqual(notice);
  });

  test("are added to the existing ones, and an empty text removes one", () => {
    const closed = recordAfter(stateOf({ "*": { notice } }), { type: "close" }, { type: "close", ...french });
    expect(closed.notice.translations).toEqual({ ...notice.translations, ...french.translations });
    const translations = { de: { title: "", message: "" }, fr: { title: "Bientôt", message: "" } };
    const again = recordAfter(
      stateOf({ "*": { notice } }),
      { type: "close", ...french },
      { type: "close", translations },
    );
    expect(again.notice.translations).toEqual({ fr: { title: "Bientôt", message: "De retour à neuf heures" } });
    expect(openRecordAgain(again).notice).toEqual(notice);
  });
});
