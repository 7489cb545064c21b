import { describe, expect, test } from "vitest";
import { hashToken } from "../../../src/bypass/token.ts";
import { applyCommand } from "../../../src/control/apply/apply-command.ts";
import { validateCommand } from "../../../src/control/apply/validate-command.ts";
import type { AnyCommand } from "../../../src/control/command.ts";
import { createController } from "../../../src/control/controller.ts";
import { type AccessRecord, NO_ACCESS } from "../../../src/state/access-token.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import { stateOf } from "../../support/snapshot.ts";

const BY = { kind: "cli", label: "mia" } as const;
const NOW = Date.parse("2026-11-21T12:00:00Z");
const KEY = "k".repeat(43);
const NEW = {
  id: "abcd1234",
  name: "ci",
  hash: "h".repeat(43),
  may: ["view"] as const,
  sites: null,
  expires: null,
};
const TOKEN = { ...NEW, created: { at: "2026-11-21T12:00:00Z", by: BY } };

/** Returns the stored access after a change. */
function applied(command: AnyCommand, access: Partial<AccessRecord> = {}): AccessRecord | undefined {
  const state = stateOf({ "*": { access: { ...NO_ACCESS, ...access } }, shop: { mode: "closed" } });
  const { outcomes } = applyCommand(state, validateCommand(command), { configured: new Map(), now: NOW, by: BY });
  expect(outcomes.map(({ site }) => site)).toEqual(["*"]);
  return outcomes[0]?.after?.access;
}

describe("tokens", () => {
  test("are added with time and author", () => {
    expect(applied({ type: "add-token", token: NEW })).toEqual({ ...NO_ACCESS, tokens: [TOKEN] });
  });

  test.each([
    [{ expires: "2026-11-21T12:00:00Z" }, "ERR_INVALID_TIME", /in the past/],
    [{ sites: ["shp"] }, "ERR_UNKNOWN_SITE", /no site 'shp'/],
    [{ sites: [] }, "ERR_INVALID_COMMAND", /sites/],
    [{ may: [] }, "ERR_INVALID_COMMAND", /may/],
    [{ name: "" }, "ERR_INVALID_COMMAND", /name/],
  ])("with %j are refused", (member, code, message) => {
    expect(() => applied({ type: "add-token", token: { ...NEW, ...member } })).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  test("are revoked one by one, or all at once, and sessions stay", () => {
    const others = {
      tokens: [TOKEN, { ...TOKEN, id: "other123" }],
      sessionGeneration: 3,
      sessionKey: KEY,
      endedSessions: [],
    };
    expect(applied({ type: "revoke-tokens", tokens: ["abcd1234"] }, others)).toEqual({
      ...others,
      tokens: [{ ...TOKEN, id: "other123" }],
    });
    expect(applied({ type: "revoke-tokens" }, others)).toEqual({ ...others, tokens: [] });
  });

  test("are not revoked at all if one of them does not exist", () => {
    expect(() => applied({ type: "revoke-tokens", tokens: ["abcd1234", "nope"] }, { tokens: [TOKEN] })).toThrow(
      expect.objectContaining({ code: "ERR_INVALID_COMMAND", hint: "Existing tokens: abcd1234 (ci)." }),
    );
  });
});

describe("sessions", () => {
  test("begin with the first key, and keep it", () => {
    expect(applied({ type: "begin-sessions", key: KEY })).toMatchObject({ sessionKey: KEY });
    expect(applied({ type: "begin-sessions", key: "x".repeat(43) }, { sessionKey: KEY })).toMatchObject({
      sessionKey: KEY,
    });
    expect(() => applied({ type: "begin-sessions", key: "short" })).toThrow(/key: expected 256 bits/);
  });

  test("end all together, with their key; tokens stay", () => {
    expect(applied({ type: "end-sessions" }, { tokens: [TOKEN], sessionGeneration: 3, sessionKey: KEY })).toEqual({
      tokens: [TOKEN],
      sessionGeneration: 4,
      sessionKey: null,
      endedSessions: [],
    });
  });

  test("end one by one for every process; ended ones are dropped from the list", () => {
    const end = (session: string, until: string) => ({ type: "end-session", session, until }) as const;
    const one = { session: "one", until: "2099-01-01T00:00:00Z" };
    const over = { session: "over", until: "2020-01-01T00:00:00Z" };
    const endedBy = (command: ReturnType<typeof end>, endedSessions: readonly (typeof one)[]) =>
      applied(command, { endedSessions })?.endedSessions;
    expect(endedBy(end("two", one.until), [one, over])).toEqual([one, { session: "two", until: one.until }]);
    expect(endedBy(end("one", one.until), [one])).toEqual([one]);
    expect(endedBy(end("late", over.until), [one])).toEqual([one]);
  });

  test("end all together after too many ended one by one: the list stays bounded, and none comes back", () => {
    const until = "2099-01-01T00:00:00Z";
    const endedSessions = Array.from({ length: 500 }, (_, place) => ({ session: `s${place}`, until }));
    const access = { sessionGeneration: 3, sessionKey: KEY, endedSessions };
    expect(applied({ type: "end-session", session: "next", until }, access)).toMatchObject({
      sessionGeneration: 4,
      endedSessions: [],
    });
  });
});

test("tokens.create returns the token once, and stores its hash", async () => {
  const controller = createController({ store: memoryStore(), sites: { shop: {} } });
  const request = { name: "ci", may: ["switch"], sites: ["shop"], expires: "2099-01-01T00:00:00Z" } as const;
  const { id, token } = await controller.tokens.create({ ...request, by: BY });
  expect(token).toMatch(/^mm_[\w-]{43}$/);
  const stored = (await controller.state()).records.get("*")?.access.tokens;
  expect(stored).toEqual([{ ...request, id, hash: hashToken(token), created: expect.anything() }]);
  expect(JSON.stringify([await controller.state(), await controller.history()])).not.toContain(token.slice(3));
});

test("an edit cannot change tokens and sessions, and closing and opening keep them", async () => {
  const edit = { type: "edit", site: "*", version: 0, access: NO_ACCESS };
  expect(() => validateCommand(edit)).toThrow(/unknown member 'access'/);
  const controller = createController({ store: memoryStore() });
  const { id } = await controller.tokens.create({ name: "ci", may: ["view"], by: BY });
  await controller.execute({ type: "close" }, BY);
  await controller.execute({ type: "open" }, BY);
  expect((await controller.state()).records.get("*")?.access.tokens.map((token) => token.id)).toEqual([id]);
});
